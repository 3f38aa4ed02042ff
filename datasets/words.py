"""The words the world is made of: names, streets, cities, dishes. Data only.

Names mix freely, as families do. Some carry accents, apostrophes or another script, because
real ones do and because a pipeline that mangles them should be found out in a lab.
"""

FIRST_NAMES = """
Aaliyah Aarav Adaeze Agnieszka Ahmed Aiko Alejandro Amara Amélie Amina Anaïs Anders André Ángel
Anh Anja Arjun Åsa Astrid Ayşe Beatriz Björn Bogdan Bronisława Camila Carlos Chiara Chidi Chloé
Conor Daniel David Deepika Diego Dmitri Ebony Eleni Elif Elizabeth Emeka Emily Émile Esra Ewa
Fatima Fernanda François Freya Gabriela Giulia Grace Guðrún Gustavo Hana Hannah Hassan Helena
Hiroshi Ian Ibrahim Ifeoma Imani Ingrid Isabel Ivan Jamal James Jasmine Jin Joanna João José Juan
Julia Kaito Karim Katarzyna Kenji Kofi Lars Latoya Layla Leila Lena Liam Lin Linh Lucía Łukasz
Madison Mahmoud Malik Márta Mateo Matthew Mei Mehmet Mia Michael Miguel Min-jun Mohammed Mónica
Naledi Naomi Ngozi Nia Nikolai Nina Noah Noor Nuria Oksana Olivia Omar Øyvind Pablo Patrick Paula
Pedro Petra Priya Quynh Rachel Raj Renée Ricardo Rosa Ruth Sakura Samuel Sanjay Sara Sean Sibusiso
Siobhán Sofía Søren Stefan Sunita Tamika Tariq Thabo Thảo Tomás Tomasz Tyrone Valentina Vikram
Wei William Xavier Ximena Yara Yasmin Yuki Yusuf Zahra Zoë Žofia
美咲 李娜 지우 Ольга Дмитро Ελένη
""".split()

LAST_NAMES = """
Abdi Acheampong Adeyemi Ahmed Akhtar Allen Álvarez Andersson Baker Banerjee Begum Bianchi Brown
Çelik Chan Chaudhry Chen Cheung Choi Clarke Cohen Costa Côté D'Angelo Dąbrowski Das Davies Delgado
Demir Desai Diallo Diaz Dubois Dvořák Edwards Eriksen Evans Fernandes Fernández Fitzgerald Flores
Fofanah Gagnon García Georgiou Goldberg González Green Gupta Haddad Hansen Hernández Hoang Horváth
Hughes Hussain Ibáñez Ivanova Jackson Jensen Johnson Jones Joseph Kapoor Kaur Kim Kipchoge
Kowalczyk Kumar Lê Lee Lefèvre Levi Lewis Li Lopes Łuczak Mahlangu Mbeki McCarthy Mehta Mendoza
Mensah Miller Mohamed Moreau Müller Muñoz Mwangi Nakamura Ndiaye Nguyễn Nielsen Novák Núñez
O'Brien O'Connor Ochieng Okafor Okonkwo Ortega Osei Özdemir Papadopoulos Park Patel Peña Pereira
Petrov Phạm Popescu Quispe Ramírez Rao Reyes Ricci Roberts Robinson Rodríguez Rossi Ruiz Sánchez
Santos Sato Schäfer Schröder Shah Sharma Silva Singh Smith Söderberg Sokolov St-Pierre Suzuki
Svensson Takahashi Tanaka Taylor Thompson Torres Tran Tremblay Turner Van-Dijk Vargas Vieira Walker
Wang Washington Weiß White Williams Wilson Wójcik Wong Wright Yamamoto Yang Yılmaz Young Zhang
Zieliński Zulu 田中 王 김
""".split()

STREETS = """
Acorn Alder Amber Ash Bakehouse Basil Bay Bellflower Birch Brook Canal Cedar Chapel Cherry Clover
Copper Dairy Elm Fennel Ferry Foundry Garden Harbour Hazel Hill Juniper Lantern Larch Laurel Lime
Maple Market Meadow Mill Mint Nutmeg Orchard Parsley Pepper Pine Quarry Rosemary Saffron Sage
School Spruce Station Thyme Walnut Weaver Willow
""".split()
STREET_KINDS = ("Street", "Avenue", "Road", "Lane", "Court", "Place")

# City, country, telephone area code, three postcode areas, households per thousand.
# All are within a drive of one kitchen and on one clock, UTC-5 (UTC-4 in summer).
CITIES = (
    ("New York", "US", "212", ("100", "112", "113"), 270),
    ("Boston", "US", "617", ("021", "022", "024"), 130),
    ("Philadelphia", "US", "215", ("191", "190", "194"), 110),
    ("Washington", "US", "202", ("200", "222", "208"), 90),
    ("Pittsburgh", "US", "412", ("152", "151", "150"), 50),
    ("Providence", "US", "401", ("029", "028", "027"), 40),
    ("Toronto", "CA", "416", ("M5V", "M4C", "M6H"), 150),
    ("Montréal", "CA", "514", ("H2X", "H3A", "H4C"), 100),
    ("Ottawa", "CA", "613", ("K1P", "K2P", "K1N"), 35),
    ("Québec", "CA", "418", ("G1R", "G1K", "G1S"), 25),
)

CUISINES = ("Ethiopian", "French", "Greek", "Indian", "Italian", "Jamaican", "Japanese", "Korean",
            "Lebanese", "Mexican", "Peruvian", "Polish", "Thai", "Vietnamese")
DISHES = ("Bean Chili", "Chicken Bowl", "Chickpea Curry", "Dumplings", "Egg Supper", "Fish Stew",
          "Flatbread", "Lentil Soup", "Noodles", "One-Pot Rice", "Roast Vegetables", "Tofu Plate")
