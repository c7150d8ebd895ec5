@echo off
rem The mesh and its tests need Linux, macOS or WSL: sandboxes, PostgreSQL as a child process, Unix sockets.
where wsl >nul 2>nul
if errorlevel 1 (
  echo weft: this needs Linux, macOS or WSL. Install WSL with "wsl --install", then run weft again. 1>&2
  exit /b 69
)
pushd "%~dp0"
wsl ./weft %*
set code=%errorlevel%
popd
exit /b %code%
