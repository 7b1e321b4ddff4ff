"""Settings: what works without any, and what is refused in words."""

import pytest

from webapp.config import NotConfigured, from_environment


def test_a_missing_secret_is_refused_in_words(tmp_path):
    with pytest.raises(NotConfigured, match="ANJU_SECRET_KEY"):
        from_environment({"ANJU_DATA_DIR": str(tmp_path)})


def test_the_demonstration_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    first = from_environment({"ANJU_DATA_DIR": str(tmp_path)}, demo=True).secret_key
    assert len(first) >= 32 and from_environment({"ANJU_DATA_DIR": str(tmp_path)}, demo=True).secret_key == first
    assert (tmp_path / "demonstration.secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "anju.example.org"])
def test_demonstration_data_stays_on_this_machine(tmp_path, host):
    with pytest.raises(NotConfigured, match="this machine"):
        from_environment({"ANJU_DATA_DIR": str(tmp_path), "ANJU_HOST": host}, demo=True)


def test_defaults_work(tmp_path):
    config = from_environment({"ANJU_DATA_DIR": str(tmp_path), "ANJU_SECRET_KEY": "k" * 32})
    assert config.address == "http://127.0.0.1:8000" and config.database_url.endswith("anju.sqlite3") and config.locale == "zh"


@pytest.mark.parametrize(("name", "value"), [("ANJU_PORT", "many"), ("ANJU_TIMEZONE", "Mars/Base"), ("ANJU_LOCALE", "fr")])
def test_a_setting_that_makes_no_sense_is_named(tmp_path, name, value):
    with pytest.raises(NotConfigured, match=name):
        from_environment({"ANJU_DATA_DIR": str(tmp_path), "ANJU_SECRET_KEY": "k" * 32, name: value})
