/* idle_worker.c - an AICore worker that has nothing to do: these programs are about the AICPU. */
void aicore_execute(void *runtime, int block_idx, int core_type);

void aicore_execute(void *runtime, int block_idx, int core_type)
{
    (void)runtime;
    (void)block_idx;
    (void)core_type;
}
