"""The steps of packaging, on small folders: cuts, libraries, sizes, notices, archives, the package for Debian."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from bundle import archive, cuts, debian, elf, notices, parts, project, sizes
from required_programs import require_program

ROOT = Path(__file__).parents[2]
TOLD = """
Dynamic section at offset 0x2d30 contains 3 entries:
 0x0000000000000001 (NEEDED)             Shared library: [libm.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]

Version definition section '.gnu.version_d' contains 1 entry:
  000000: Rev: 1  Flags: BASE   Index: 1  Cnt: 1  Name: GLIBC_9.9

Version needs section '.gnu.version_r' contains 2 entries:
  0x0010:   Name: GLIBC_2.9  Flags: none  Version: 4
  0x0020:   Name: GLIBC_2.34  Flags: none  Version: 5
"""
PARTS = [
    parts.Part("numpy", "2.4.0", "pypi", "BSD-3-Clause", ("the text",)),
    parts.Part("scipy", "1.17+x", "pypi", "BSD-3-Clause", ("the text", "another")),
    parts.Part("libxcb-cursor0", "0.1.1-4", "deb", "MIT", ()),
]


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "dist" / project.NAME
    for name, size in (("torch/lib/libtorch.so", 2_000_000), ("PySide6/Qt/qml/a.qml", 10), ("numpy/tests/x.py", 20)):
        path = folder / project.INNER / name
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
    (folder / project.NAME).write_bytes(b"program")
    (folder / project.CONSOLE).symlink_to(project.NAME)
    return folder


def file_names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_readelf_is_understood():
    found = elf.parse_elf(Path("x.so"), TOLD)
    assert found.needs == ("libm.so.6", "libc.so.6")
    assert found.glibc == (2, 34)
    assert elf.parse_elf(Path("x.so"), "").glibc == ()


@pytest.mark.skipif(sys.platform != "linux", reason="ELF is the format of Linux")
def test_programs_are_found_and_read(tmp_path: Path):
    require_program("readelf", "binutils")
    (tmp_path / "library.so").write_bytes(Path(sys.executable).resolve().read_bytes())
    (tmp_path / "text.so").write_text("no library")
    (found,) = elf.find_elves(tmp_path)
    assert elf.read_elf(found).glibc > (2,)


@pytest.mark.parametrize(("offset", "loadable"), [("0x0021e0", True), ("0x0021c8", False)])
def test_parts_that_the_loader_would_refuse_are_seen(offset: str, loadable: bool):
    told = f"""
  LOAD           0x000000 0x0000000000000000 0x0000000000000000 0x0005f0 0x0005f0 R E 0x1000
  LOAD           {offset} 0x00000000000031e0 0x00000000000031e0 0x000248 0x000250 RW  0x1000
  DYNAMIC        0x002df0 0x0000000000003df0 0x0000000000003df0 0x0001d0 0x0001d0 RW  0x8
"""
    assert elf.are_aligned(told) == loadable


@pytest.mark.skipif(sys.platform != "linux", reason="ELF is the format of Linux")
def test_libraries_lose_their_symbols_and_can_still_be_loaded(small_bundle: Path, monkeypatch: pytest.MonkeyPatch):
    require_program("strip", "binutils")
    require_program("readelf", "binutils")
    library = next((Path(np.__file__).parent / "_core").glob("_simd*.so"))
    inner = small_bundle / project.INNER
    taken, kept = inner / "taken.so", inner / "kept.so"
    for path in (taken, kept):
        shutil.copy(library, path)
    is_aligned = elf.is_aligned
    monkeypatch.setattr(cuts, "is_aligned", lambda slim: "kept" not in slim.name and is_aligned(slim))
    cuts.strip(small_bundle)
    assert taken.stat().st_size < library.stat().st_size
    assert elf.is_aligned(taken)
    assert kept.read_bytes() == library.read_bytes()
    assert not list(inner.glob("*.slim"))


def test_what_nothing_needs_any_more_is_found():
    def library(name: str, *needs: str) -> elf.Elf:
        return elf.Elf(Path(name), needs, ())

    elves = [library("program", "a.so"), library("a.so", "b.so"), library("b.so"), library("c.so", "d.so"),
             library("d.so", "b.so")]  # fmt: skip
    candidates = {Path(name) for name in ("a.so", "b.so", "c.so", "d.so")}
    assert elf.find_unneeded(elves, candidates) == [Path("c.so"), Path("d.so")]
    assert list(elf.find_outside([library("x", "libc.so.6", "x", "a.so")])) == ["a.so", "libc.so.6"]


def test_cuts_are_made_where_the_program_still_works(small_bundle: Path, tmp_path: Path):
    held = cuts.apply_cuts(small_bundle, tmp_path / "aside", cuts.CUTS, lambda: True, singly=False)
    assert len(held) == len(cuts.CUTS)
    cuts.remove_dangling(small_bundle)
    assert file_names(small_bundle) == {"libtorch.so", project.NAME, project.CONSOLE}


@pytest.mark.parametrize("singly", [True, False])
def test_a_cut_that_breaks_the_program_is_taken_back(small_bundle: Path, tmp_path: Path, singly: bool):
    needed = small_bundle / project.INNER / "PySide6/Qt/qml/a.qml"
    held = cuts.apply_cuts(small_bundle, tmp_path / "aside", cuts.CUTS, needed.exists, singly=singly)
    assert {cut.name for cut in cuts.CUTS} - {cut.name for cut in held} == {"QML"}
    assert file_names(small_bundle) == {"libtorch.so", "a.qml", project.NAME, project.CONSOLE}


def test_a_program_that_never_worked_is_not_cut(small_bundle: Path, tmp_path: Path):
    with pytest.raises(project.PackagingFailed, match="without any cut"):
        cuts.apply_cuts(small_bundle, tmp_path / "aside", cuts.CUTS, lambda: False, singly=False)
    assert "a.qml" in file_names(small_bundle)


def test_kept_files_are_not_cut(tmp_path: Path):
    locales = tmp_path / cuts.QT / "Qt/translations/qtwebengine_locales"
    locales.mkdir(parents=True)
    for name in ("de.pak", "en-US.pak"):
        (locales / name).touch()
    found = [path.name for cut in cuts.CUTS for path in cuts.find_cut(tmp_path, cut)]
    assert found == ["de.pak"]


def test_sizes_are_told_by_package_and_add_up(small_bundle: Path):
    found = sizes.measure_parts(small_bundle)
    assert found == {"PyTorch": 2_000_000, sizes.REST: 37}
    table = sizes.write_table(found, {"a.deb": 500_000})
    assert "| PyTorch | 2.0 |" in table
    assert "| **all, unpacked** | **2.0** |" in table
    assert "| a.deb | 0.5 |" in table


def test_packages_that_the_program_requires_are_known_and_those_of_developers_are_not():
    names = {part.name: part for part in parts.python_parts()}
    assert {"torch", "numpy", "sofar", "flask", "jinja2"} <= names.keys()
    assert not {"pytest", "ruff", "pyinstaller", "small-dataset-audio"} & names.keys()
    assert any("BSD" in text or "Copyright" in text for text in names["numpy"].texts)


def test_notices_have_each_text_once():
    text = notices.format_notices(PARTS)
    assert text.count("the text") == 1
    assert "numpy 2.4.0, scipy 1.17+x" in text
    assert "libxcb-cursor0 0.1.1-4: MIT" in text


def test_licences_go_into_the_bundle(small_bundle: Path):
    notices.write_notices(small_bundle, PARTS)
    assert file_names(small_bundle / notices.FOLDER) == {"LICENSE", "NOTICE", "THIRD-PARTY.txt"}


def test_the_bill_of_materials_names_every_part_by_its_address():
    bill = notices.make_bill(PARTS)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["component"]["version"] == project.read_version()
    assert [one["purl"] for one in bill["components"]] == [
        "pkg:pypi/numpy@2.4.0",
        "pkg:pypi/scipy@1.17%2Bx",
        "pkg:deb/debian/libxcb-cursor0@0.1.1-4",
    ]
    assert bill == notices.make_bill(PARTS)
    assert json.dumps(bill)


@pytest.mark.skipif(sys.platform != "linux", reason="GNU tar with xz")
def test_an_archive_is_the_same_each_time_and_its_sum_is_known(small_bundle: Path, tmp_path: Path):
    require_program("xz", "xz-utils")
    first, second = tmp_path / "a.tar.xz", tmp_path / "b.tar.xz"
    archive.pack_folder(small_bundle, first)
    os.utime(small_bundle / project.NAME, (1, 1))
    archive.pack_folder(small_bundle, second)
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as opened:
        assert f"{project.NAME}/{project.CONSOLE}" in opened.getnames()
    sums = archive.write_checksums([second, first], tmp_path)
    done = subprocess.run(
        ["sha256sum", "--check", sums.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "a.tar.xz: OK\nb.tar.xz: OK\n"


def test_a_debian_package_holds_program_menu_entry_and_file_type(small_bundle: Path, tmp_path: Path):
    require_program("dpkg-deb", "dpkg")
    icons = tmp_path / "icons"
    icons.mkdir()
    for name in [*(f"icon-{size}.png" for size in debian.SIZES), "icon.svg"]:
        (icons / name).touch()
    tree, target = tmp_path / "tree", tmp_path / "a.deb"
    tree.mkdir()
    debian.lay_out(tree, small_bundle, icons)
    debian.refuse_wrong_desktop_entry(tree / f"usr/share/applications/{project.NAME}.desktop")
    debian.build_package(tree, target, ["libc6 (>= 2.35)", "libegl1"])
    told = subprocess.run(["dpkg-deb", "--field", str(target)], capture_output=True, text=True, check=True).stdout
    assert f"Version: {project.read_version()}\n" in told
    assert "Depends: libc6 (>= 2.35), libegl1\n" in told
    listed = subprocess.run(["dpkg-deb", "--contents", str(target)], capture_output=True, text=True, check=True).stdout
    assert f"./usr/bin/sda -> ../lib/{project.NAME}/sda" in listed
    assert "root/root" in listed
    profile = (tree / f"usr/share/{project.NAME}/apparmor").read_text("utf-8")
    assert f"/usr/lib/{project.NAME}/{{{project.NAME}," in profile
    assert "$" not in profile
    for name in debian.SCRIPTS:
        assert "$name" not in (tree / "DEBIAN" / name).read_text("utf-8")
        subprocess.run(["sh", "-n", str(tree / "DEBIAN" / name)], check=True)


def test_a_library_that_no_package_has_fails_the_build():
    with pytest.raises(project.PackagingFailed, match=r"libnowhere\.so\.1"):
        debian.find_dependencies(["libnowhere.so.1"], "2.35")


def test_a_program_that_is_missing_or_fails_is_named():
    with pytest.raises(project.PackagingFailed, match="nowhere is not installed"):
        project.run(["nowhere"])
    with pytest.raises(project.PackagingFailed, match="ended with 3"):
        project.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_only_libraries_are_swept_never_modules_of_python(small_bundle: Path, monkeypatch: pytest.MonkeyPatch):
    inner = small_bundle / project.INNER
    told = {"libold.so.1": (), "libused.so.1": (), "module.cpython-311.so": ("libused.so.1",),
            "gpu.so": ("libtorch_cuda.so",)}  # fmt: skip
    for name in told:
        (inner / name).write_bytes(elf.MAGIC)
    (inner / "libold.so").symlink_to("libold.so.1")
    monkeypatch.setattr(cuts, "read_elf", lambda path: elf.Elf(path, told[path.name], ()))
    swept = {Path(name).name for name in cuts.sweep(small_bundle).patterns}
    assert swept == {"libold.so.1", "libold.so", "gpu.so"}
