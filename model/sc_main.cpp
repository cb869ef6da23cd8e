// sc_main.cpp - SystemC's library wants to be started by its own main; a host program has one already.
#include "model/davsim.h"

extern "C" DAV_PUBLIC int sc_main(int, char **)
{
    return 0;
}
