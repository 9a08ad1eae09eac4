"""Pages of ours in the Airflow UI: data docs, for whoever is logged in."""

from __future__ import annotations

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse

from pipeline.quality.docs import INDEX, SITE
from pipeline.settings import load_settings

# The pages ask other hosts for styles and scripts. Those would run beside the session of whoever is logged in: nothing but our own is loaded.
GUARD = {"Content-Security-Policy": "default-src 'self' 'unsafe-inline' data:; connect-src 'none'; form-action 'none'"}
EMPTY = "<p>No data docs yet: the dag <code>maintain_warehouse</code> builds them once a day, or when you trigger it with a day as its partition key.</p>"

app = FastAPI(title="Communiqué", dependencies=[Depends(get_user)], docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/{path:path}", response_model=None)
def page(path: str) -> FileResponse | HTMLResponse:
    """A file of the data docs; never one outside their folder."""
    site = (load_settings().data_docs / SITE).resolve()
    file = (site / (path or INDEX)).resolve()
    if not file.is_relative_to(site):
        raise HTTPException(404)
    if file.is_file():
        return FileResponse(file, headers=GUARD)
    if not site.exists():
        return HTMLResponse(EMPTY, headers=GUARD)
    raise HTTPException(404)


class CommuniquePages(AirflowPlugin):
    """Data docs under Browse."""

    name = "communique_pages"
    fastapi_apps = [{"app": app, "url_prefix": "/communique/data-docs", "name": "Communiqué data docs"}]
    external_views = [
        {"name": "Data docs", "href": "/communique/data-docs/", "destination": "nav", "url_route": "data-docs", "category": "browse"},
    ]
