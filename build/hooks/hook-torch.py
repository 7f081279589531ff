"""PyTorch without the sources of its modules: 46 MB that nothing of this program reads."""

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_data_files, collect_dynamic_libs, collect_submodules

module_collection_mode = "pyz"
warn_on_missing_hiddenimports = False
UNUSED = ("torch.test", "torch.testing._internal", "torch.utils.tensorboard", "torch.utils.benchmark", "torch.onnx")

datas = collect_data_files("torch", excludes=["**/*.pyi", "include/**", "share/**", "test/**", "bin/**", "testing/**"])
hiddenimports = collect_submodules("torch", filter=lambda name: not name.startswith(UNUSED), on_error="ignore")
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]  # torch looks for its libraries beside the real files
