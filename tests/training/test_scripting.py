from pathlib import Path

import pytest

from bothands.training import ScenarioInvalid, read_scenario, read_scenarios

CUSTOMERS = Path(__file__).parents[2] / "examples/retail/customers"


def written(folder: Path, text: str) -> Path:
    path = folder / "ada.toml"
    path.write_text(text)
    return path


def test_the_demo_has_many_different_customers() -> None:
    scenarios = read_scenarios(CUSTOMERS)

    assert len(scenarios) >= 24
    assert len({scenario.name for scenario in scenarios}) == len(scenarios)
    assert {scenario.language for scenario in scenarios} >= {"en", "de", "fr"}


def test_one_wording_may_be_plain_text(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, 'name = "Ada"\n[[step]]\nsay = "hi"\n'))

    assert (scenario.id, scenario.steps[0].say) == ("ada", ("hi",))


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("name = ", "not TOML"),
        ('[[step]]\nsay = "hi"', "name"),
        ('name = "Ada"', "0 steps"),
        ('name = "Ada"\nstep = 3', "array"),
        ('name = "Ada"\n[[step]]\n', "does nothing"),
        ('name = "Ada"\n[[step]]\nsay = ""', "says nothing"),
        ('name = "Ada"\n[[step]]\nsaid = "hi"', "said"),
        ('name = "Ada"\npatience_seconds = -1\n[[step]]\nsay = "hi"', "patience"),
        ('name = "Ada"\n[[step]]\nsay = "hi"\n[rates]\nsolved = "maybe"', "rating"),
        ('name = "Ada"\nending = "bang"\n[[step]]\nsay = "hi"', "ending"),
    ],
)
def test_a_scenario_that_cannot_be_played_says_why(tmp_path: Path, text: str, cause: str) -> None:
    with pytest.raises(ScenarioInvalid) as caught:
        read_scenario(written(tmp_path, text))

    assert str(caught.value).startswith("Scenario ada.toml: ")
    assert cause in str(caught.value)


def test_an_empty_folder_is_an_error_not_silence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioInvalid, match=r"holds no \*\.toml"):
        read_scenarios(tmp_path)
    with pytest.raises(ScenarioInvalid, match="no such folder"):
        read_scenarios(tmp_path / "nowhere")
