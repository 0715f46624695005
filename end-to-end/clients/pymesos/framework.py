"""A framework of pymesos that runs command tasks: framework.py MASTER TASKS

Prints one line of JSON for each status update, {"task": ..., "state": ..., "message": ...}, and ends with 0 when all
tasks have finished, with 1 when one ended otherwise, with 2 when the driver stopped before.
"""
import getpass
import json
import sys
import threading

from addict import Dict
from pymesos import MesosSchedulerDriver, Scheduler

ENDS = ('TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE')
CPUS, MEM = 0.1, 16


class Commands(Scheduler):
    def __init__(self, count):
        self.waiting = ['command-%d' % i for i in range(count)]
        self.running = set(self.waiting)
        self.failed = False
        self.over = threading.Event()

    def resourceOffers(self, driver, offers):
        for offer in offers:
            has = {r.name: r.scalar.value for r in offer.resources if r.type == 'SCALAR'}
            tasks = []
            while self.waiting and has.get('cpus', 0) >= CPUS * (len(tasks) + 1) and has.get('mem', 0) >= MEM * (len(tasks) + 1):
                tasks.append(self.task(self.waiting.pop(0), offer))
            if tasks:
                driver.launchTasks(offer.id, tasks, {'refuse_seconds': 0})
            else:
                driver.declineOffer(offer.id, {'refuse_seconds': 1})

    @staticmethod
    def task(name, offer):
        task = Dict()
        task.task_id.value = name
        task.agent_id.value = offer.agent_id.value
        task.name = name
        task.command.value = 'test "$MESOS_TASK_ID" = %s && echo $MESOS_TASK_ID && cd "$MESOS_SANDBOX" && test -f stdout' % name
        task.resources = [
            dict(name='cpus', type='SCALAR', scalar={'value': CPUS}),
            dict(name='mem', type='SCALAR', scalar={'value': MEM}),
        ]
        return task

    def statusUpdate(self, driver, update):
        name, state = update.task_id.value, update.state
        print(json.dumps({'task': name, 'state': state, 'message': update.message or ''}), flush=True)
        if state in ENDS:
            self.running.discard(name)
            self.failed |= state != 'TASK_FINISHED'
            if not self.running:
                self.over.set()


def main(master, count):
    scheduler = Commands(count)
    framework = Dict(user=getpass.getuser(), name='pymesos-commands')
    driver = MesosSchedulerDriver(scheduler, framework, master, use_addict=True)
    driver.start()
    finished = scheduler.over.wait(120)
    driver.stop()
    driver.join()
    return 2 if not finished else 1 if scheduler.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
