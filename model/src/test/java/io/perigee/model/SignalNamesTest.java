package io.perigee.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalNamesTest {
  /** Numbers of signal(7) and what strsignal(3) of glibc 2.36 prints for them. */
  @ParameterizedTest
  @CsvSource({
    "1, Hangup",
    "6, Aborted",
    "7, Bus error",
    "9, Killed",
    "11, Segmentation fault",
    "15, Terminated",
    "16, Stack fault",
    "17, Child exited",
    "19, Stopped (signal)",
    "24, CPU time limit exceeded",
    "31, Bad system call",
    "32, Unknown signal 32",
    "34, Real-time signal 0",
    "64, Real-time signal 30",
    "65, Unknown signal 65",
    "0, Unknown signal 0",
    "-1, Unknown signal -1"
  })
  void signalsHaveTheNamesOfGlibc(int signal, String name) {
    assertThat(SignalNames.of(signal)).isEqualTo(name);
  }
}
