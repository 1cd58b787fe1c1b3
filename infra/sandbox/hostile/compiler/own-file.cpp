// tries: to put another program in the place of its own for the next case, and to say that it is right
// expects: wrong-output, runtime-error
// cases: 2
extern "C" int open(const char*, int, ...);
extern "C" long write(int, const void*, unsigned long);
extern "C" int unlink(const char*);
int main() {
    const char script[] = "#!/bin/sh\necho leak: the case before left this program\n";
    const char* paths[] = {"./solution", "/tmp/solution", "solution.cpp", "/solution"};
    for (const char* path : paths) {
        int file = open(path, 0x241, 0777);  // O_WRONLY | O_CREAT | O_TRUNC
        if (file < 0 && unlink(path) == 0) file = open(path, 0x241, 0777);
        if (file >= 0) write(file, script, sizeof script - 1);
    }
}
