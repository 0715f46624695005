package io.perigee.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Checked;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpus:4;mem:1024|cpus:4; mem:1024",
        " cpus : 4.5 ; ports : [31000 - 32000, 8080-8090] ;|cpus:4.5; ports:[8080-8090, 31000-32000]",
        "cpus(prod):2;cpus:2|cpus:2; cpus(reservations: [(STATIC,prod)]):2",
        "cpus:0.0004;mem:1|mem:1",
        "zones:{b,a}|zones:{a, b}",
        "ports:[1-2,3-4]|ports:[1-4]",
        "cpus:1;cpus:2|cpus:3",
        "''|''"
      })
  void resourcesAreRead(String text, String printed) {
    assertThat(ResourceText.parseResources(text, "*").orElseThrow()).hasToString(printed);
  }

  @Test
  void defaultRoleReservesWhatNamesNone() {
    assertThat(ResourceText.parseResources("cpus:1;mem(a):2", "b").orElseThrow())
        .hasToString("cpus(reservations: [(STATIC,b)]):1; mem(reservations: [(STATIC,a)]):2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cpus|'cpus' has no ':' (expected: name:value or name(role):value)",
        ":4|':4' has no name before its ':' (expected: name:value)",
        "cpus:four|'cpus:four': 'four' is no amount (expected: a number from 0 to 10^12, [1-5, 9-9] or {a, b})",
        "cpus:-1|'cpus:-1': '-1' is no amount (expected: a number from 0 to 10^12, [1-5, 9-9] or {a, b})",
        "cpus:NaN|'cpus:NaN': 'NaN' is no amount (expected: a number from 0 to 10^12, [1-5, 9-9] or {a, b})",
        "cpus:0x1p3|'cpus:0x1p3': '0x1p3' is no amount (expected: a number from 0 to 10^12, [1-5, 9-9] or {a, b})",
        "ports:[5]|'ports:[5]': '5' is no range (expected: begin-end, such as 31000-32000)",
        "ports:[5-1]|'ports:[5-1]': '5-1' is no range (expected: begin-end, such as 31000-32000)",
        "cpus(a//b):1|'cpus(a//b):1': Role 'a//b' cannot contain two adjacent slashes",
        "z:{a,}|'z:{a,}': a set has an empty name (expected: {a, b})"
      })
  void malformedResourcesAreRefusedWithAReason(String text, String problem) {
    assertThat(ResourceText.parseResources(text, "*")).isEqualTo(Checked.invalid(problem));
  }

  @Test
  void attributesAreNumbersRangesOrTexts() {
    assertThat(
            ResourceText.parseAttributes(
                    "rack:r 7; cpu_mhz:2400\nports:[1-2];url:http://h:1/x; ip:10.0.0.1;")
                .orElseThrow())
        .containsExactly(
            new Attribute("rack", new AttributeValue.Text("r 7")),
            new Attribute("cpu_mhz", new Scalar(2_400_000)),
            new Attribute("ports", Ranges.of(1, 2)),
            new Attribute("url", new AttributeValue.Text("http://h:1/x")),
            new Attribute("ip", new AttributeValue.Text("10.0.0.1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rack|'rack' is no attribute (expected: name:value)",
        "rack:|'rack:' is no attribute (expected: name:value)",
        "zones:{a,b}|'zones:{a,b}' is a set (expected: a number, ranges or a text)",
        "ports:[x]|'ports:[x]': 'x' is no range (expected: begin-end, such as 31000-32000)"
      })
  void malformedAttributesAreRefusedWithAReason(String text, String problem) {
    assertThat(ResourceText.parseAttributes(text)).isEqualTo(Checked.invalid(problem));
  }

  @Test
  void attributesSurviveTheWire() {
    List<Attribute> attributes =
        ResourceText.parseAttributes("a:1.5;b:[1-2, 7-9];c:x").orElseThrow();
    assertThat(attributes.stream().map(Attribute::write).map(Attribute::read).toList())
        .isEqualTo(attributes);
  }

  /** The texts that frameworks see in TASK_ERROR, as a real master writes them. */
  @Test
  void messagesUseMesosTexts() {
    Resources offered =
        ResourceText.parseResources("ports:[31000-32000];cpus:4", "*")
            .orElseThrow()
            .allocatedTo("golden");
    assertThat(offered)
        .hasToString("cpus(allocated: golden):4; ports(allocated: golden):[31000-32000]");
    assertThat(
            ResourceKey.DISK
                .withReservations(
                    List.of(
                        new Reservation(
                            Reservation.Type.DYNAMIC, "golden", "golden-principal", null)))
                .withAllocationRole("golden"))
        .hasToString("disk(allocated: golden)(reservations: [(DYNAMIC,golden,golden-principal)])");
  }
}
