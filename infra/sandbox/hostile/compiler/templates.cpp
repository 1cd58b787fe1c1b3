// tries: to keep the compiler busy with a template that never ends
// expects: compile-error
template <int N> struct Again { static const int value = Again<N + 1>::value; };
int main() { return Again<0>::value; }
