#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The gst-multiexit developers
"""Training with several processes, as users start it.

Needs mpirun, gst-launch-1.0 and the environment of `meson test`.
"""

import array
import hashlib
import json
import math
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import wave

SKIP = 77
# Who waits yields: the machine may have other work than these ranks.
MPIRUN = ['mpirun', '--oversubscribe', '--allow-run-as-root',
          '--mca', 'btl', 'self,vader,tcp',
          '--mca', 'mpi_yield_when_idle', '1']
# A sanitizer must be there before all else in programs that are built without
# it, and takes its time.
PRELOAD = os.environ.get('MX_PRELOAD')
LAUNCH = (['env', 'LD_PRELOAD=' + PRELOAD] if PRELOAD else []) + [
    'gst-launch-1.0']
PATIENCE = 2000 if PRELOAD else 200  # seconds

ARCHITECTURE = {
    'input': {'rate': 8000, 'channels': 1, 'window': 2400},
    'front-end': {'kind': 'log-mel', 'bands': 20, 'mean': -7, 'std': 1.5},
    'stages': [
        {'layers': [{'kind': 'conv1d', 'filters': 8, 'kernel': 3},
                    {'kind': 'batch-norm'}, {'kind': 'relu'}],
         'exit': [{'kind': 'pool'}, {'kind': 'dense'}]},
        {'layers': [{'kind': 'conv1d', 'filters': 8, 'kernel': 3,
                     'stride': 2}, {'kind': 'batch-norm'}, {'kind': 'relu'}],
         'exit': [{'kind': 'pool'}, {'kind': 'dense'}]}]}


def put_tone(folder, split, label, number, chance):
    os.makedirs(f'{folder}/{split}/{label}', exist_ok=True)
    pitch = (300 if label == 'low' else 1500) * (1 + chance.random() / 4)
    samples = array.array('h', [
        int(9000 * math.sin(2 * math.pi * pitch * t / 8000)
            + chance.gauss(0, 500)) for t in range(2400)])
    with wave.open(f'{folder}/{split}/{label}/{number:02}.wav', 'wb') as out:
        out.setparams((1, 2, 8000, 0, 'NONE', ''))
        out.writeframes(samples.tobytes())


def read_weights(filename):
    """All tensors of a model, by name."""
    with open(filename, 'rb') as file:
        size, = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    return {name: array.array('f', data[slice(*entry['data_offsets'])])
            for name, entry in header.items() if name != '__metadata__'}


def put_number(filename, tensor, place, value):
    """Of a checkpoint, with the checksum that belongs to it."""
    with open(filename, 'rb') as file:
        size, = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    metadata = header.pop('__metadata__')
    begin, _ = header[tensor]['data_offsets']
    struct.pack_into('<Q', data, begin + 8 * place, value)
    checksum = hashlib.sha256()
    for name, entry in sorted(
            header.items(), key=lambda item: item[1]['data_offsets']):
        if data[slice(*entry['data_offsets'])]:
            checksum.update(name.encode() + b'\0'
                            + data[slice(*entry['data_offsets'])])
    metadata['multiexit.checksum'] = checksum.hexdigest()
    text = json.dumps({'__metadata__': metadata, **header}).encode()
    text += b' ' * (-len(text) % 8)
    with open(filename, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + data)


class Training(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        chance = random.Random(1)
        for number in range(12):
            for label in 'low', 'high':
                put_tone(f'{self.folder}/data', 'train', label, number, chance)
        for number in range(3):  # ranks get unequal shares
            put_tone(f'{self.folder}/data', 'valid', 'low', number, chance)
        put_tone(f'{self.folder}/data', 'valid', 'high', 0, chance)
        with open(f'{self.folder}/tones.json', 'w') as file:
            json.dump(ARCHITECTURE, file)

    def path(self, name):
        return f'{self.folder}/{name}'

    def command(self, ranks, name, source='epochs=6', sink=''):
        launch = (
            f'mxdatasetsrc location={self.folder}/data split=train,valid '
            f'shuffle=true {source} ! tee name=t '
            't. ! queue ! train.clean '
            't. ! queue ! mxperturb ! train.perturbed '
            f'mxtrainsink name=train architecture={self.folder}/tones.json '
            f'location={self.path(name)} log-location={self.path(name)}.log '
            f'log-interval=1 warm-up=2 threads=1 learning-rate=0.02 '
            f'optimizer=sgd {sink}')
        prefix = MPIRUN + ['-n', str(ranks)] if ranks > 1 else []
        return prefix + LAUNCH + launch.split()

    def train(self, ranks, name, source='epochs=6', sink='', succeeds=True):
        done = subprocess.run(
            self.command(ranks, name, source, sink), timeout=PATIENCE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode == 0, succeeds, done.stdout)
        return done.stdout

    def log(self, name, event):
        with open(self.path(name) + '.log') as file:
            lines = [json.loads(line) for line in file]
        return [line for line in lines if line['event'] == event]

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def test_two_ranks_train_what_one_trains_with_the_double_batch(self):
        self.train(1, 'one', sink='batch-size=8')
        said = self.train(2, 'two', sink='batch-size=4')
        one, two = (read_weights(self.path(name)) for name in ('one', 'two'))
        self.assertEqual(one.keys(), two.keys())
        for tensor in one:
            for a, b in zip(one[tensor], two[tensor]):
                self.assertAlmostEqual(a, b, delta=1e-3, msg=tensor)
        for event, fields in (
                ('step', ('step', 'steps', 'loss', 'learning-rate')),
                ('epoch', ('valid-loss', 'valid-windows', 'best-epoch'))):
            ones, twos = self.log('one', event), self.log('two', event)
            self.assertEqual(len(ones), len(twos))
            for a, b in zip(ones, twos):
                for field in fields:
                    self.assertAlmostEqual(
                        a[field], b[field], delta=1e-3, msg=field)
        self.assertEqual(said.count('wrote '), 1, said)
        self.assertEqual(self.log('two', 'end')[0]['valid-windows'], 4)

    def test_equal_runs_give_equal_bytes(self):
        for name in 'first', 'second':
            self.train(2, name, sink='batch-size=4 optimizer=adam')
        self.assertEqual(self.read('first'), self.read('second'))

    def test_four_ranks_with_unequal_shares_come_to_the_end(self):
        said = self.train(4, 'four', source='epochs=6 stop-index=25',
                          sink='batch-size=3')
        self.assertEqual(said.count('wrote '), 1, said)
        self.assertEqual(len(self.log('four', 'epoch')), 6)

    def test_more_ranks_than_examples_are_refused(self):
        said = self.train(3, 'few', source='epochs=6 stop-index=2', succeeds=False)
        self.assertIn('Nothing is left for shard 2 of 3', said)

    def test_ranks_that_differ_are_refused(self):
        command = MPIRUN + ['-n', '1'] + self.command(1, 'other')
        command += [':', '-n', '1'] + self.command(
            1, 'other', sink='batch-size=5')
        done = subprocess.run(command, timeout=PATIENCE, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('start all with the same command line', done.stdout)
        self.assertFalse(os.path.exists(self.path('other')))

    def test_without_mpi_every_process_trains_for_itself(self):
        command = MPIRUN
        for name in 'left', 'right':
            command = command + (['-n', '1'] if command is MPIRUN
                                 else [':', '-n', '1'])
            command = command + self.command(
                1, name, 'epochs=6 shards=1', 'batch-size=8 mpi=false')
        subprocess.run(command, timeout=PATIENCE, check=True,
                       stdout=subprocess.DEVNULL)
        self.train(1, 'one', sink='batch-size=8')
        for name in 'left', 'right':
            self.assertEqual(self.read('one'), self.read(name))

    def find_rank(self, rank):
        """The process of this training; None: it is not there."""
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/environ', 'rb') as file:
                    environ = file.read().split(b'\0')
                with open(f'/proc/{pid}/cmdline', 'rb') as file:
                    command = file.read().split(b'\0')
            except OSError:
                continue
            if (f'OMPI_COMM_WORLD_RANK={rank}'.encode() in environ
                    and f'location={self.folder}/data'.encode() in command
                    and command[0].endswith(b'gst-launch-1.0')):
                return int(pid)
        return None

    def test_a_made_up_place_of_a_rank_is_refused(self):
        sink = 'batch-size=4 checkpoint-interval=1'
        self.train(2, 'two', 'epochs=2', sink)
        checkpoint = self.path('two') + '.checkpoint'
        for place, value, expected in (
                (12 + 1, 1000, 'found 1000 at 13, expected at most the '),
                (12 + 5, 1 << 63, 'at 17, expected what can be counted'),
                (12 + 6, 1000, 'found 1000 at 18, expected at most the ')):
            with open(checkpoint, 'rb') as file:
                whole = file.read()
            put_number(checkpoint, 'group.members', place, value)
            said = self.train(2, 'two', 'epochs=2', sink + ' resume=true',
                              succeeds=False)
            self.assertIn("the checkpoint of rank 0: tensor 'group.members': ",
                          said)
            self.assertIn(expected, said)
            with open(checkpoint, 'wb') as file:
                file.write(whole)
        self.train(2, 'two', 'epochs=2', sink + ' resume=true')

    def test_one_process_refuses_the_checkpoint_of_two_by_their_number(self):
        sink = 'batch-size=4 checkpoint-interval=1'
        for shards in '', ' shards=1':
            name = f'two{len(shards)}'
            self.train(2, name, 'epochs=2' + shards, sink)
            said = self.train(1, name, 'epochs=2' + shards, sink + ' resume=true',
                              succeeds=False)
            self.assertIn('the number of ranks was 2, is 1', said)

    def test_a_killed_rank_ends_the_run_and_leaves_a_whole_checkpoint(self):
        sink = 'batch-size=4 checkpoint-interval=1'
        source = 'epochs=150'
        self.train(2, 'whole', source, sink)
        run = subprocess.Popen(
            self.command(2, 'killed', source, sink), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        checkpoint = self.path('killed') + '.checkpoint'
        while run.poll() is None and not (
                os.path.exists(checkpoint)
                and len(self.log('killed', 'step')) > 20):
            time.sleep(.01)
        os.kill(self.find_rank(1), signal.SIGKILL)
        said, _ = run.communicate(timeout=PATIENCE)
        self.assertNotEqual(run.returncode, 0, said)
        self.assertIn('signal 9', said)
        self.assertFalse(os.path.exists(self.path('killed')))
        said = self.train(2, 'killed', source, sink + ' resume=true')
        self.assertIn('goes on after step', said)
        self.assertEqual(self.read('whole'), self.read('killed'))


def main():
    for program in 'mpirun', 'gst-launch-1.0':
        if shutil.which(program) is None:
            print(f'skipped: {program} is not there')
            return SKIP
    if not os.path.exists(os.environ.get('MX_GROUP_MODULE', '')):
        print('skipped: built without MPI')
        return SKIP
    return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main())
