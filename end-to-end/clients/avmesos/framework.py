"""A framework of avmesos that runs command tasks: framework.py MASTER TASKS

Each task runs a program that its agent fetches from here over HTTP. Prints one line of JSON for each status update,
{"task": ..., "state": ..., "message": ...}, and ends with 0 when all tasks have finished, with 1 when one ended
otherwise, with 2 when the client gave up.
"""
import getpass
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from avmesos.client import MesosClient

ENDS = ('TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE')
CPUS, MEM = 0.1, 16
PROGRAM = b'#!/bin/sh\ntest "$MESOS_TASK_ID" = "$1" && test -f stdout\n'


class Programs(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', str(len(PROGRAM)))
        self.end_headers()
        self.wfile.write(PROGRAM)

    def log_message(self, *args):
        pass


class Commands:
    def __init__(self, client, count, program):
        self.client = client
        self.program = program
        self.waiting = ['command-%d' % i for i in range(count)]
        self.running = set(self.waiting)
        self.failed = False

    def offers(self, offers):
        for offer in offers:
            resources = offer.get_offer()['resources']
            has = {r['name']: r['scalar']['value'] for r in resources if r['type'] == 'SCALAR'}
            tasks = []
            while self.waiting and has.get('cpus', 0) >= CPUS * (len(tasks) + 1) and has.get('mem', 0) >= MEM * (len(tasks) + 1):
                tasks.append(self.task(self.waiting.pop(0), offer))
            if tasks:
                offer.accept(tasks, {'filters': {'refuse_seconds': 0}})
            else:
                offer.decline({'filters': {'refuse_seconds': 1}})

    def task(self, name, offer):
        return {
            'name': name,
            'task_id': {'value': name},
            'agent_id': {'value': offer.get_offer()['agent_id']['value']},
            'resources': [
                {'name': 'cpus', 'type': 'SCALAR', 'scalar': {'value': CPUS}},
                {'name': 'mem', 'type': 'SCALAR', 'scalar': {'value': MEM}},
            ],
            # Scripts in the wild write booleans as texts.
            'command': {
                'shell': 'true',
                'value': './program ' + name,
                'uris': [{'value': self.program, 'executable': 'true'}],
            },
        }

    def update(self, update):
        status = update['status']
        name, state = status['task_id']['value'], status['state']
        print(json.dumps({'task': name, 'state': state, 'message': status.get('message', '')}), flush=True)
        if state in ENDS:
            self.running.discard(name)
            self.failed |= state != 'TASK_FINISHED'
            if not self.running:
                self.client.tearDown()


def main(master, count):
    programs = ThreadingHTTPServer(('127.0.0.1', 0), Programs)
    threading.Thread(target=programs.serve_forever, daemon=True).start()
    client = MesosClient(['http://' + master], frameworkName='avmesos-commands', frameworkUser=getpass.getuser(), max_reconnect=1)
    scheduler = Commands(client, count, 'http://127.0.0.1:%d/program' % programs.server_port)
    client.on(MesosClient.OFFERS, scheduler.offers)
    client.on(MesosClient.UPDATE, scheduler.update)
    client.register()
    return 2 if scheduler.running else 1 if scheduler.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
