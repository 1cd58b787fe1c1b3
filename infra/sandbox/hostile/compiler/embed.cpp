// tries: to have a file of the host put into the program by the assembler, and to print it
// expects: compile-error
extern "C" long write(int, const void*, unsigned long);
asm(".data\nstolen: .incbin \"@canary@\"\n.byte 0\n");
extern "C" char stolen[];
int main() { write(1, stolen, 32); }
