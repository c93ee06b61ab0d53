/* cli/sign_task.h - what the pages about warning signs leave to be done behind them. */
#pragma once
#include "work/task.h"

/* For work_register(); arg is the installation's home folder.  "signs": the list is made
 * again with the pack in force, after one was adopted.  "sign-test": the pack in force, or
 * {"pack": N}, is tested on past data. */
task_fn sign_task, sign_test_task;
