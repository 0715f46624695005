package io.perigee.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WantTest {
  private static final Want WANT = new Want(Map.of("cpus", 0.1, "mem", 32.0));

  private static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  private static Offer offer(Resource.Builder... resources) {
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue("O"))
            .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
            .setAgentId(AgentID.newBuilder().setValue("S"))
            .setHostname("host");
    for (Resource.Builder resource : resources) {
      offer.addResources(resource);
    }
    return offer.build();
  }

  private static double sum(List<Resource> share, String name) {
    return share.stream()
        .filter(r -> r.getName().equals(name))
        .mapToDouble(r -> r.getScalar().getValue())
        .sum();
  }

  @Test
  void asManySharesAsFitAreTaken() {
    Offer offer = offer(scalar("cpus", 1), scalar("mem", 100));
    assertThat(WANT.sharesOf(offer, 10)).hasSize(3);
    assertThat(WANT.sharesOf(offer, 2)).hasSize(2);
    assertThat(WANT.sharesOf(offer(scalar("cpus", 0.3), scalar("mem", 1000)), 10)).hasSize(3);
    assertThat(WANT.sharesOf(offer(scalar("cpus", 4)), 10)).isEmpty();
  }

  @Test
  void reservedPartsAreTakenFirstAndSharesMayHaveSeveralParts() {
    Resource.Builder reserved = scalar("cpus", 0.05);
    reserved
        .addReservationsBuilder()
        .setType(Resource.ReservationInfo.Type.STATIC)
        .setRole("batch");
    List<List<Resource>> shares =
        WANT.sharesOf(offer(scalar("cpus", 0.07), reserved, scalar("mem", 64)), 2);
    assertThat(shares).hasSize(1);
    assertThat(shares.getFirst().getFirst().getReservationsCount()).isEqualTo(1);
    assertThat(sum(shares.getFirst(), "cpus"))
        .isEqualTo(0.1, org.assertj.core.api.Assertions.within(1e-9));
  }

  @Test
  void revocableResourcesAndVolumesAreLeft() {
    Resource.Builder revocable = scalar("cpus", 1);
    revocable.getRevocableBuilder();
    assertThat(WANT.sharesOf(offer(revocable, scalar("mem", 64)), 1)).isEmpty();
  }

  @Test
  void whatAnOfferHasIsTold() {
    Want want = new Want(Map.of("cpus", 50.0));
    assertThat(want).hasToString("cpus 50");
    assertThat(want.found(offer(scalar("cpus", 1), scalar("cpus", 0.5), scalar("mem", 1))))
        .isEqualTo("cpus 1.5");
  }
}
