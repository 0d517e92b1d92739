"""That the tools of the tests are what the tests take them for."""


def test_terraform_of_the_tests_is_recent_enough(terraform):
    import json

    version = json.loads(terraform.run(terraform.copy(), "version", "-json").stdout)["terraform_version"]
    assert tuple(map(int, version.split("-")[0].split("."))) >= (1, 9), version


def test_files_are_formatted(terraform):
    done = terraform.run(terraform.copy(), "fmt", "-check", "-recursive", "-diff", check=False)
    assert done.returncode == 0, done.stdout


def test_the_emulator_answers(moto):
    assert moto.client("sts").get_caller_identity()["Account"] == "123456789012"
