"""What people get: the setup and the portable zip, both made of the payload, and their SHA-256."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

from . import Stop, payload
from .fetch import sha256_of
from .sign import is_wanted as signing_is_wanted

SCRIPT = Path(__file__).with_name("setup.nsi")
SIGNER = Path(__file__).with_name("sign.py")
INSTALL = "sudo apt-get install -y --no-install-recommends nsis"
START = '@start "" "%~dp0runtime\\pythonw.exe" "%~dp0app\\townsafe.pyw" %*\r\n'
MARKER = "app/portable"
SIDE = (238, 242, 250)  # a light tint of the program's blue
ABOUT = """镇安便携版

打开：双击“镇安.cmd”。不需要安装，可以放在 D 盘，也可以放在 U 盘里带走。
数据：在本文件夹的“镇安数据”里。搬动或备份时，把整个文件夹一起带走。
升级：先退出镇安，删除 app、licences、runtime、site-packages 四个文件夹，再把新版解压到这里。不要动“镇安数据”。
停用：数据确实不再需要时，删除整个文件夹即可；它没有在别处留下任何东西。

本文件夹不要放在网络盘或会自动同步的文件夹里（OneDrive、坚果云、WPS 云盘等），那样会损坏数据。
"""


def makensis() -> str:
    """The program that makes the setup; as root on Debian it is installed, elsewhere the command is told."""
    if not shutil.which("makensis") and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(INSTALL.split()[1:], stdout=sys.stderr, check=False)
    found = shutil.which("makensis") or shutil.which("makensis", path=r"C:\Program Files (x86)\NSIS")
    if found is None:
        raise Stop(
            f"makensis is missing. On Debian and Ubuntu: {INSTALL}; on Windows: install NSIS 3 from nsis.sourceforge.io"
        )
    return found


def make_side_picture(icon: Path, target: Path) -> None:
    """The picture at the side of the first and the last page: the program's icon, in place of NSIS's own."""
    size = (164, 314)
    picture = Image.new("RGB", size, SIDE)
    with Image.open(icon) as read:
        largest = read.convert("RGBA").resize((96, 96), Image.Resampling.LANCZOS)
    picture.paste(largest, ((size[0] - 96) // 2, 48), largest)
    picture.save(target, "BMP")


def make_setup(folder: Path, version: str, target: Path, *, fast: bool = False) -> None:
    """Make the setup of the payload in `folder`; `fast` packs less well, for checks."""
    folder, target = folder.resolve(), target.resolve()  # makensis looks from the folder of its script
    icon = folder / "app" / "resources" / "icons" / "townsafe.ico"
    side = target.with_suffix(".bmp")
    make_side_picture(icon, side)
    defines = {
        "VERSION": version,
        "PAYLOAD": str(folder),
        "ICON": str(icon),
        "OUTPUT": str(target),
        "SIDE": str(side),
        "SIZE_KB": str(payload.size_of(folder) // 1024),
        "COMPRESSOR": "zlib" if fast else "lzma",
    }
    if signing_is_wanted():
        defines["SIGNER"] = f'"{sys.executable}" "{SIGNER}"'
    program = makensis()
    defines["TARGET"] = _target(program)
    command = [
        program,
        "-V2",
        "-WX",
        "-INPUTCHARSET",
        "UTF8",
        *(f"-D{name}={value}" for name, value in defines.items()),
    ]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if subprocess.run([*command, str(SCRIPT)], env=environment, stdout=sys.stderr, check=False).returncode:
        raise Stop("makensis could not make the setup (see above)")
    side.unlink()


def _target(program: str) -> str:
    """A 64-bit setup where this NSIS can make one: Debian's can, the one for Windows cannot."""
    told = subprocess.run([program, "-HDRINFO"], capture_output=True, encoding="utf-8", check=False).stdout
    places = [Path("/usr/share/nsis"), Path(program).parent]
    has_stub = any((place / "Stubs" / "lzma_solid-amd64-unicode").exists() for place in places)
    return "amd64-unicode" if has_stub and told else "x86-unicode"


def make_portable(folder: Path, target: Path) -> None:
    """Zip the payload with a file to start it by, a word how to use it, and the mark that keeps data beside it."""
    extra = {
        "镇安.cmd": START.encode("ascii"),
        "使用说明.txt": ("\ufeff" + ABOUT.replace("\n", "\r\n")).encode("utf-8"),
        MARKER: b"",
    }
    payload.zip_up(folder, payload.paths_in(folder), target, inside="TownSafe/", is_packed=True, extra=extra)


def write_sums(files: list[Path], target: Path) -> None:
    """The SHA-256 of what is published, as sha256sum writes and checks it."""
    lines = [f"{sha256_of(path)} *{path.name}\n" for path in files]
    target.write_text("".join(lines), "utf-8", newline="\n")
