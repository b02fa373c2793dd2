// Preloaded: the wall clock stands at the second SIMULATED_TIME names; with SIMULATED_TICK a second passes each time it is asked.
// libfaketime changes the environment before main, and then Swift 6.3 no longer finds the program's arguments.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static time_t simulated(void) { return (time_t)atoll(getenv("SIMULATED_TIME")); }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec = simulated();
    return result;
}

time_t time(time_t *now) {
    static time_t passed = 0;
    time_t told = simulated() + (getenv("SIMULATED_TICK") ? passed++ : 0);
    if (now) *now = told;
    return told;
}
