import pytest
import yaml

from pipelines.home import Home

CONTRACT = """
name: orders.payments
schema:
  - name: payments
    physicalName: "*.csv"
    properties:
      - {name: payment_id, physicalName: id}
      - {name: paid_at, physicalName: paid}
      - {name: amount, physicalName: amount}
      - {name: currency, physicalName: currency}
"""


class Folder:
    """A source folder whose parts a test replaces."""

    def __init__(self, path):
        self.path = path
        (path / "files").mkdir(parents=True)
        self.source()
        self.contract(CONTRACT)

    def source(self, **keys):
        base = {"name": "shop", "time_zone": "Asia/Shanghai", "path": "files"}
        given = {key: value for key, value in {**base, **keys}.items() if value is not None}
        (self.path / "source.yaml").write_text(yaml.safe_dump(given), encoding="utf-8")

    def contract(self, text, name="payments"):
        (self.path / f"{name}.odcs.yaml").write_text(text, encoding="utf-8")

    def file(self, name, content=b"id,paid,amount,currency\nP1,2026-10-01,1,CNY\n"):
        path = self.path / "files" / name
        path.write_bytes(content)
        return path


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "shop")


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path / "home")
    made.prepare()
    return made
