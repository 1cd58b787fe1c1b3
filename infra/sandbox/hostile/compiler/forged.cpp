// tries: to leave with success at once, and to answer in the driver's place
// expects: wrong-output
extern "C" long write(int, const void*, unsigned long);
extern "C" [[noreturn]] void _exit(int);
int main() {
    const char reply[] = "{\"end\": \"finished\", \"output\": \"right\", \"nonce\": \"\"}\n";
    for (int descriptor = 1; descriptor < 1024; descriptor += 1)
        write(descriptor, reply, sizeof reply - 1);
    _exit(0);
}
