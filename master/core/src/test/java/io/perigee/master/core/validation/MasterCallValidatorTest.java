package io.perigee.master.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.perigee.mesos.v1.master.Call;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MasterCallValidatorTest {

  @Test
  void aCallHasAType() {
    assertThat(MasterCallValidator.problem(Call.getDefaultInstance()))
        .hasValue("Expecting 'type' to be present");
  }

  /** Whichever field there is of a type's name is its argument, and must be there. */
  @ParameterizedTest
  @EnumSource
  void aCallHasTheArgumentOfItsType(Call.Type type) {
    String name = type.name().toLowerCase(Locale.ROOT);
    FieldDescriptor argument = Call.getDescriptor().findFieldByName(name);
    Call.Builder call = Call.newBuilder().setType(type);

    if (argument == null) {
      assertThat(MasterCallValidator.problem(call.build())).isEmpty();
      return;
    }
    assertThat(MasterCallValidator.problem(call.build()))
        .hasValue("Expecting '" + name + "' to be present");
    call.getFieldBuilder(argument);
    if (name.endsWith("_volume")) {
      assertThat(MasterCallValidator.problem(call.buildPartial()).orElseThrow())
          .startsWith("Expecting 'agent_id' to be present; only agent default resources");
      call.getGrowVolumeBuilder().getAgentIdBuilder().setValue("S0");
      call.getShrinkVolumeBuilder().getAgentIdBuilder().setValue("S0");
    }
    assertThat(MasterCallValidator.problem(call.buildPartial())).isEmpty();
  }
}
