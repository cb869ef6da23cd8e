/* scheduler.c - the bench's AICPU part: there is nothing to schedule. */
int aicpu_execute(void *order)
{
    (void)order;
    return 0;
}
