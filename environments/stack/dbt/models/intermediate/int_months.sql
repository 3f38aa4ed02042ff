select cast(months.month as date) as month
from generate_series(
    cast('{{ var("first_month") }}' as timestamp),
    cast({{ company_date(as_of(), 'month') }} as timestamp),
    interval '1 month'
) as months (month)
