package io.perigee.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.perigee.common.Checked;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceWireTest {

  private static io.perigee.mesos.v1.Resource message(String text) throws Exception {
    return TextFormat.parse(text, io.perigee.mesos.v1.Resource.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name:'' type:SCALAR scalar{value:1}|Empty resource name",
        "name:'cpus' type:SCALAR|Invalid scalar resource",
        "name:'cpus' type:SCALAR scalar{value:-1}|Invalid scalar resource: value < 0",
        "name:'cpus' type:SCALAR scalar{value:nan}|Invalid scalar resource: not a number of at most 10^12",
        "name:'cpus' type:SCALAR scalar{value:inf}|Invalid scalar resource: not a number of at most 10^12",
        "name:'ports' type:RANGES scalar{value:1}|Invalid ranges resource",
        "name:'ports' type:RANGES ranges{range{begin:2 end:1}}|Invalid ranges resource: begin > end",
        "name:'ports' type:RANGES ranges{range{begin:1 end:3} range{begin:3 end:4}}|Invalid ranges resource: overlapping ranges",
        "name:'ports' type:RANGES ranges{range{begin:1 end:18446744073709551615}}|Invalid ranges resource: end beyond 2^63 - 2",
        "name:'z' type:SET set{item:'a' item:'a'}|Invalid set resource: duplicated elements",
        "name:'z' type:TEXT|Unsupported resource type",
        "name:'cpus' type:SCALAR scalar{value:1} disk{}|DiskInfo should not be set for cpus resource",
        "name:'cpus' type:SCALAR scalar{value:1} shared{}|Resource cpus cannot be shared",
        "name:'disk' type:SCALAR scalar{value:1} shared{}|Only persistent volumes can be shared",
        "name:'cpus' type:SCALAR scalar{value:1} role:'a b'|Role component 'a b' is invalid because it contains backspace or whitespace",
        "name:'cpus' type:SCALAR scalar{value:1} reservations{role:'a'}|Invalid reservation: 'type' is missing",
        "name:'cpus' type:SCALAR scalar{value:1} reservations{type:STATIC role:'*'}|Invalid reservation: role is missing or \"*\"",
        "name:'cpus' type:SCALAR scalar{value:1} reservation{}|Invalid reservation: role \"*\" cannot be dynamically reserved"
      })
  void invalidMessagesAreRefusedWithMesosReason(String text, String reason) throws Exception {
    Checked<Resources> read = ResourceWire.read(List.of(message(text)));
    assertThat(read).isInstanceOf(Checked.Invalid.class);
    assertThat(((Checked.Invalid<Resources>) read).problem()).endsWith("' is invalid: " + reason);
  }

  @Test
  void bothFormsOfAReservationMeanTheSame() throws Exception {
    String common = "name:'cpus' type:SCALAR scalar{value:1} ";
    assertThat(ResourceWire.read(List.of(message(common + "role:'r'"))))
        .isEqualTo(
            ResourceWire.read(List.of(message(common + "reservations{type:STATIC role:'r'}"))));
    assertThat(ResourceWire.read(List.of(message(common + "role:'r' reservation{principal:'p'}"))))
        .isEqualTo(
            ResourceWire.read(
                List.of(message(common + "reservations{type:DYNAMIC role:'r' principal:'p'}"))));
  }

  @Test
  void formatsDifferAsTheirReadersExpect() throws Exception {
    Resources resources =
        ResourceWire.read(
                List.of(
                    message("name:'cpus' type:SCALAR scalar{value:1}"),
                    message(
                        "name:'mem' type:SCALAR scalar{value:1} reservations{type:DYNAMIC role:'r'"
                            + " principal:'p'}")))
            .orElseThrow();
    assertThat(ResourceWire.write(resources, ResourceWire.Format.PRE_REFINEMENT))
        .containsExactly(
            message("name:'cpus' type:SCALAR scalar{value:1} role:'*'"),
            message("name:'mem' type:SCALAR scalar{value:1} role:'r' reservation{principal:'p'}"));
    assertThat(ResourceWire.write(resources, ResourceWire.Format.POST_REFINEMENT).getFirst())
        .isEqualTo(message("name:'cpus' type:SCALAR scalar{value:1}"));
    assertThat(ResourceWire.write(resources, ResourceWire.Format.ENDPOINT).getLast())
        .isEqualTo(
            message(
                "name:'mem' type:SCALAR scalar{value:1} role:'r' reservation{principal:'p'}"
                    + " reservations{type:DYNAMIC role:'r' principal:'p'}"));
  }
}
