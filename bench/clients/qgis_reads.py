"""Reads every collection of a node with QGIS, without a screen; runs under the system's Python.

Takes {"url", "token", "layers"} from its input and prints one line of JSON. The token is sent as QGIS itself
sends it: by an authentication of the method "API header", or "Basic" in versions without that.
"""

import json
import sys
import tempfile
from collections import Counter

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)

#: Features of a page: fewer than the largest layer, so that links are followed.
PAGE = 40
#: In the bounding box of the bent area, beside it and over the line.
BOX = QgsRectangle(113.15, 34.15, 113.25, 34.25)


def signed(token: str) -> str:
    """The id of an authentication that sends the token."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword("only for this run", True)
    by_header = "APIHeader" in manager.authMethodsKeys()  # QGIS 3.24 and later; before, as a password
    config = QgsAuthMethodConfig("APIHeader" if by_header else "Basic")
    config.setName("node")
    if by_header:
        config.setConfig("Authorization", f"Bearer {token}")
    else:
        config.setConfig("username", "token")
        config.setConfig("password", token)
    stored = manager.storeAuthenticationConfig(config)
    if not (stored[0] if isinstance(stored, tuple) else stored):
        raise SystemExit("QGIS did not keep the token")
    return config.id()


def layer_of(url: str, auth: str, code: str, where: str = "") -> QgsVectorLayer:
    source = f"authcfg='{auth}' pageSize='{PAGE}' typename='{code}' url='{url}'"
    layer = QgsVectorLayer(source + (f" sql={where}" if where else ""), code, "OAPIF")
    if not layer.isValid():
        raise SystemExit(f"QGIS does not read {code}: {layer.error().message()}")
    return layer


def read(layer: QgsVectorLayer) -> dict:
    kinds, valid, count = Counter(), 0, 0
    for feature in layer.getFeatures():
        count += 1
        shape = feature.geometry()
        if not shape.isNull():
            kinds[QgsWkbTypes.displayString(shape.wkbType())] += 1
            valid += shape.isGeosValid()
    return {"count": count, "geometries": dict(kinds), "valid": valid, "fields": layer.fields().names()}


def main() -> None:
    asked = json.load(sys.stdin)
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False, tempfile.mkdtemp())
    application.initQgis()
    auth = signed(asked["token"])
    found = {code: read(layer_of(asked["url"], auth, code)) for code in asked["layers"]}
    areas = layer_of(asked["url"], auth, "areas")
    found["areas"]["boxed"] = sum(1 for _ in areas.getFeatures(QgsFeatureRequest().setFilterRect(BOX)))
    teams = layer_of(asked["url"], auth, "teams")
    chosen = QgsFeatureRequest().setFilterExpression("\"state\" = 'out'")
    found["teams"]["filtered"] = sum(1 for _ in teams.getFeatures(chosen))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
