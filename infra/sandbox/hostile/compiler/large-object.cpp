// tries: to fill the disk with what the compiler writes (1 GiB)
// expects: compile-error
char large[1 << 30] = {1};
int main() { return large[7]; }
