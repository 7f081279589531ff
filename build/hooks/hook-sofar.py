"""The conventions by which sofar reads and checks SOFA files."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("sofar")
