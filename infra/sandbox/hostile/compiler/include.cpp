// tries: to have a file of the host shown in what the compiler complains of
// expects: compile-error
#include "@canary@"
#include "/etc/shadow"
int main() {}
