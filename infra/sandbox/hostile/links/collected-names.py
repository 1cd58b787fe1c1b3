# tries: to have files collected that are links to a file of the host (as in CVE-2024-28185)
# expects: wrong-output
for name in (
    "stdout", "stderr", "output", "output.txt", "error", "status", "result", "result.json",
    "stdout.txt", "stderr.txt", "report.json", "core", "solution.py", "main.py", ".bashrc",
):
    for directory in ("/tmp", ".", os.path.expanduser("~")):
        try:
            os.symlink(outside["canary"], f"{directory}/{name}")
        except OSError:
            pass
