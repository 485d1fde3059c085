"""Folders, file names, and where an office's data may lie."""

import os
from pathlib import Path

import pytest
from platformdirs import windows

from desktop.domain.errors import Trouble
from desktop.system import storage_place
from desktop.system.file_names import MAX_NAME, refuse_long, safe_file_name, write_whole
from desktop.system.folders import Home, OfficeFolder, home
from desktop.system.storage_place import Finding, PlaceProblem, problem_of, sync_service
from desktop.text import sentence


def test_home_is_the_folder_that_the_environment_names(tmp_path: Path) -> None:
    assert home({"TOWNSAFE_HOME": str(tmp_path)}).settings == tmp_path / "settings.json"


def test_home_without_the_variable_is_the_users_local_folder() -> None:
    assert home({}).path.name == "TownSafe"


def test_the_portable_edition_keeps_everything_beside_itself(tmp_path: Path) -> None:
    program = str(tmp_path / "TownSafe" / "runtime" / "pythonw.exe")
    assert home({}, program).path.name == "TownSafe"
    assert tmp_path not in home({}, program).path.parents
    mark = tmp_path / "TownSafe" / "app" / "portable"
    mark.parent.mkdir(parents=True)
    mark.touch()
    assert home({}, program).path == tmp_path / "TownSafe" / "镇安数据"
    assert home({"TOWNSAFE_HOME": str(tmp_path / "别处")}, program).path == tmp_path / "别处"


def test_a_free_folder_meets_no_office(tmp_path: Path) -> None:
    place = Home(tmp_path)
    assert place.free_folder("还原") == place.office.path
    for taken in (place.office.path, tmp_path / "还原"):
        taken.mkdir()
        (taken / "office.db").touch()
    assert place.free_folder("还原") == tmp_path / "还原-1"


def test_a_data_folder_is_made_with_its_parts_and_is_an_office_once_its_file_is_there(tmp_path: Path) -> None:
    office = OfficeFolder(tmp_path / "惠萍镇")
    office.make()
    assert not office.is_office
    office.database.write_bytes(b"")
    assert office.is_office
    assert sorted(each.name for each in office.path.iterdir()) == ["attachments", "backups", "office.db"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("苏启惠安责改〔2026〕12号", "苏启惠安责改〔2026〕12号.pdf"),
        ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j.pdf"),
        ("  尾部的点和空格. . ", "尾部的点和空格.pdf"),
        ("换\n行\t和\x00控制", "换行和控制.pdf"),
        ("倒\u202efdp.exe", "倒fdp.exe.pdf"),
        ("con", "_con.pdf"),
        ("COM1.tar", "_COM1.tar.pdf"),
        ("LPT¹", "_LPT¹.pdf"),
        ("aux .txt", "_aux .txt.pdf"),
        ("NUL.", "_NUL.pdf"),
        ("报告 . .", "报告.pdf"),
        ("console", "console.pdf"),
        ("..", "未命名.pdf"),
        ("", "未命名.pdf"),
        ("张𠮷安", "张𠮷安.pdf"),
    ],
)  # fmt: skip
def test_a_file_name_is_one_that_windows_accepts(text: str, name: str) -> None:
    assert safe_file_name(text, ".pdf") == name


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    name = safe_file_name("启东" * 100, ".xlsx")
    assert len(name) == MAX_NAME
    assert name.endswith("启东.xlsx") or name.endswith("启.xlsx")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "settings.json"
    target.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["settings.json"]
    assert target.read_bytes() == b"old"


def test_an_ordinary_folder_will_do_and_is_left_as_it_was(tmp_path: Path) -> None:
    assert problem_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_to_be_made_will_do_when_its_parent_will(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "镇" / "办") is None
    assert problem_of(tmp_path / "镇" / "办", may_be_new=False) == Finding(PlaceProblem.MISSING, tmp_path / "镇" / "办")


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "office").write_bytes(b"")
    assert problem_of(tmp_path / "office") == Finding(PlaceProblem.NOT_A_FOLDER, tmp_path / "office")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that not even root may write to is a Linux thing")
def test_a_folder_that_cannot_be_written_to_is_refused() -> None:
    found = problem_of(Path("/proc/self"))
    assert found is not None
    assert found.problem is PlaceProblem.READ_ONLY


@pytest.mark.parametrize(
    ("part", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - 惠萍镇人民政府", "OneDrive"),
        ("我的坚果云", "坚果云"),
        ("Nutstore", "坚果云"),
        ("WPS云盘", "WPS云盘"),
        ("WPSDrive", "WPS云盘"),
        ("WPS Cloud Files", "WPS云盘"),
        ("WPS网盘", "WPS云盘"),
        ("BaiduNetdiskDownload", ""),
        ("360安全云盘", "360云盘"),
        ("SynologyDrive", "群晖 Drive"),
        ("BaiduSyncdisk", "百度网盘"),
        ("微云同步助手(12345)", "腾讯微云"),
        ("Dropbox (办公室)", "Dropbox"),
        ("iCloudDrive", "iCloud"),
    ],
)
def test_a_sync_folder_is_known_by_its_name(tmp_path: Path, part: str, service: str) -> None:
    folder = tmp_path / part / "安监"
    folder.mkdir(parents=True)
    found = problem_of(folder)
    assert found == (Finding(PlaceProblem.SYNC, folder, service) if service else None)


@pytest.mark.parametrize("part", ["onedriver", "坚果云集团检查", "安全生产", "dropboxes", "微云山村"])
def test_a_name_that_only_begins_alike_is_no_sync_folder(tmp_path: Path, part: str) -> None:
    assert sync_service(tmp_path / part) == ""


def test_onedrive_under_another_name_is_known_by_its_variable(tmp_path: Path) -> None:
    root = tmp_path / "惠萍镇人民政府"
    (root / "安监").mkdir(parents=True)
    assert sync_service(root / "安监", {"OneDriveCommercial": str(root)}) == "OneDrive"
    assert sync_service(tmp_path / "别处", {"OneDriveCommercial": str(root)}) == ""


def test_a_sync_folder_is_known_by_the_mark_its_service_leaves(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").write_bytes(b"")
    (tmp_path / "office").mkdir()
    assert sync_service(tmp_path / "office") == "Dropbox"


MOUNTS = """\
overlay / overlay rw 0 0
//nas/public /mnt/share cifs rw 0 0
/dev/sdb1 /mnt/share/local ext4 rw 0 0
nas:/data /srv/office\\040data nfs4 rw 0 0
user@host:/ /home/clerk/remote fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/clerk", ""),
        ("/mnt/share", "cifs"),
        ("/mnt/share/镇", "cifs"),
        ("/mnt/share/local/镇", ""),
        ("/mnt/shared", ""),
        ("/srv/office data/镇", "nfs4"),
        ("/home/clerk/remote/a", "fuse.sshfs"),
    ],
)
def test_the_innermost_mount_decides_whether_a_folder_is_on_the_network(path: str, kind: str) -> None:
    assert storage_place._network_mount(Path(path), MOUNTS) == kind


def test_a_machine_whose_root_is_a_network_file_system_still_has_a_place() -> None:
    assert storage_place._network_mount(Path("/home"), "root / 9p rw 0 0\n") == ""


def test_a_network_folder_is_refused_with_its_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("there the answer comes from Windows itself")
    monkeypatch.setattr(storage_place, "_mounts", lambda: f"nas:/ {tmp_path.resolve()} nfs4 rw 0 0\n")
    assert problem_of(tmp_path) == Finding(PlaceProblem.NETWORK, tmp_path, "nfs4")


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\server\安监\数据", r"\\server\安监"),
        (r"\\?\UNC\server\安监\数据", r"\\?\UNC\server\安监"),
        (r"\\?\C:\数据", ""),
        (r"C:\数据", ""),
        (r"\\.\PhysicalDrive0", ""),
    ],
)
def test_a_windows_share_is_told_from_a_long_local_path(path: str, share: str) -> None:
    assert storage_place._windows_share(path).rstrip("\\") == share


def test_a_folder_so_deep_that_attachments_could_not_be_opened_is_refused(tmp_path: Path) -> None:
    folder = Path("/d") / ("深" * 160)
    assert problem_of(folder, longest=240) == Finding(PlaceProblem.TOO_LONG, folder)
    assert problem_of(tmp_path, longest=None) is None
    assert problem_of(Path("/d") / ("浅" * 40), longest=240) != Finding(PlaceProblem.TOO_LONG, Path("/d") / ("浅" * 40))


def test_a_file_that_explorer_could_not_open_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 230 + ".zip")
    with pytest.raises(Trouble, match="path_too_long") as told:
        refuse_long(path)
    assert "换一个浅一些的文件夹" in sentence(told.value)
    refuse_long(tmp_path / "短.zip")


def test_a_drive_letter_that_stands_for_a_share_is_a_network_drive() -> None:
    types = {"Z:\\": 4, "D:\\": 3, "E:\\": 2}
    assert storage_place._mapped_drive(r"Z:\安监\数据", types.__getitem__) == "Z:"
    assert storage_place._mapped_drive(r"D:\安监\数据", types.__getitem__) == ""
    assert storage_place._mapped_drive(r"E:\安监", types.__getitem__) == "", "a stick is slow, but it is here"


def test_on_windows_the_home_is_in_the_local_folder_that_no_domain_moves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """%APPDATA% roams between machines, Documents and Desktop move to OneDrive: a database survives neither."""
    monkeypatch.setattr(windows, "get_win_folder", lambda name: rf"C:\Users\李四\{name}")
    asked = windows.Windows("TownSafe", appauthor=False, roaming=False).user_data_dir.replace("/", "\\")
    assert asked == r"C:\Users\李四\CSIDL_LOCAL_APPDATA\TownSafe"
