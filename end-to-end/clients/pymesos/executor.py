"""An executor of pymesos: tells that a task runs, sends its name as a message, tells that it has finished."""
import sys
import threading

from addict import Dict
from pymesos import Executor, MesosExecutorDriver, decode_data, encode_data


class Names(Executor):
    def launchTask(self, driver, task):
        threading.Thread(target=self.run, args=(driver, task)).start()

    @staticmethod
    def run(driver, task):
        name = decode_data(task.data)
        tell(driver, task, 'TASK_RUNNING', name)
        driver.sendFrameworkMessage(encode_data(name))
        tell(driver, task, 'TASK_FINISHED', name)


def tell(driver, task, state, data):
    update = Dict()
    update.task_id.value = task.task_id.value
    update.state = state
    update.data = encode_data(data)
    driver.sendStatusUpdate(update)


if __name__ == '__main__':
    driver = MesosExecutorDriver(Names(), use_addict=True)
    driver.run()
    sys.exit(0)
