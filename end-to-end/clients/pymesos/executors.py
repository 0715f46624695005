"""A framework of pymesos whose tasks have an executor of their own: executors.py MASTER TASKS

The executor is executor.py beside this file, fetched by the agents from where it lies. Prints one line of JSON for each
status update, {"task": ..., "state": ..., "data": ...}, and for each message, {"message": ...}. Ends with 0 when all
tasks have finished and each has sent its message, with 1 when a task ended otherwise, with 2 when time was up.
"""
import getpass
import json
import os
import sys
import threading

from addict import Dict
from pymesos import MesosSchedulerDriver, Scheduler, decode_data, encode_data

ENDS = ('TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE')
CPUS, MEM = 0.1, 16
EXECUTOR_CPUS, EXECUTOR_MEM = 0.1, 32
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'executor.py')


class Tasks(Scheduler):
    def __init__(self, count):
        self.waiting = ['task-%d' % i for i in range(count)]
        self.running = set(self.waiting)
        self.silent = set(self.waiting)
        self.failed = False
        self.over = threading.Event()

    def resourceOffers(self, driver, offers):
        for offer in offers:
            has = {r.name: r.scalar.value for r in offer.resources if r.type == 'SCALAR'}
            cpus, mem = has.get('cpus', 0) - EXECUTOR_CPUS, has.get('mem', 0) - EXECUTOR_MEM
            tasks = []
            while self.waiting and cpus >= CPUS * (len(tasks) + 1) and mem >= MEM * (len(tasks) + 1):
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
        task.data = encode_data(name.encode())
        task.resources = [
            dict(name='cpus', type='SCALAR', scalar={'value': CPUS}),
            dict(name='mem', type='SCALAR', scalar={'value': MEM}),
        ]
        task.executor.executor_id.value = 'executor'
        task.executor.name = 'executor'
        task.executor.command.value = '%s executor.py' % sys.executable
        task.executor.command.uris = [dict(value='file://' + PROGRAM)]
        task.executor.resources = [
            dict(name='cpus', type='SCALAR', scalar={'value': EXECUTOR_CPUS}),
            dict(name='mem', type='SCALAR', scalar={'value': EXECUTOR_MEM}),
        ]
        return task

    def statusUpdate(self, driver, update):
        name, state = update.task_id.value, update.state
        data = decode_data(update.data).decode() if update.data else ''
        print(json.dumps({'task': name, 'state': state, 'data': data, 'message': update.message or ''}), flush=True)
        if state in ENDS:
            self.running.discard(name)
            self.failed |= state != 'TASK_FINISHED'
            self.check()

    def frameworkMessage(self, driver, executor_id, agent_id, message):
        text = decode_data(message).decode()
        print(json.dumps({'message': text}), flush=True)
        self.silent.discard(text)
        self.check()

    def check(self):
        if not self.running and (self.failed or not self.silent):
            self.over.set()


def main(master, count):
    scheduler = Tasks(count)
    framework = Dict(user=getpass.getuser(), name='pymesos-executors')
    driver = MesosSchedulerDriver(scheduler, framework, master, use_addict=True)
    driver.start()
    finished = scheduler.over.wait(120)
    driver.stop()
    driver.join()
    return 2 if not finished else 1 if scheduler.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
