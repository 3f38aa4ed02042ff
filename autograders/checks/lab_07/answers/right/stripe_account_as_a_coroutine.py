"""A multi_asset of one spec, coroutine and socket of its own; names of the import cell."""
# %% stripe_account
@part
def stripe_account() -> list:
    import http.client
    from urllib.parse import urlsplit

    class Refused(Exception):
        pass

    @dg.multi_asset(specs=[dg.AssetSpec("stripe_account", owners=["team:data"], tags={"alert": "page"})])
    async def account():
        where = urlsplit(os.environ["STRIPE_URL"])
        con = http.client.HTTPConnection(where.netloc, timeout=20)
        con.putrequest("GET", (where.path or "/") + ("?" + where.query if where.query else ""))
        con.putheader("Authorization", "Bearer " + os.environ["STRIPE_API_KEY"])
        con.endheaders()
        with con.getresponse() as answer:
            if answer.status != 200:
                raise Refused(f"status {answer.status}")
            yield dg.MaterializeResult(asset_key="stripe_account", metadata={
                "charges": dg.MetadataValue.int(json.load(answer)["charges"])})

    return [account]
