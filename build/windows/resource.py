"""The properties that Windows shows of the program's file."""

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("FileDescription", "Small DataSet Audio"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("ProductName", "Small DataSet Audio"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [0x0409, 1200])]),
  ],
)
"""


def make_resource(version: str) -> str:
    """Return the resource of a version, as PyInstaller reads it."""
    parts = [int(part) for part in version.split(".") if part.isdigit()]
    return TEMPLATE.format(version=version, numbers=tuple([*parts, 0, 0, 0, 0][:4]))
