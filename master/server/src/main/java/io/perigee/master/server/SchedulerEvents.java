package io.perigee.master.server;

import io.perigee.master.core.SchedulerNotice;
import io.perigee.master.core.SchedulerNotice.OfferOfAgent;
import io.perigee.master.core.cluster.AgentIdentity;
import io.perigee.master.core.cluster.Capabilities;
import io.perigee.mesos.v1.Address;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.MasterInfo;
import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.URL;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;

/**
 * Makes the messages of a scheduler's events. Pure. The form of offers follows the framework's
 * capabilities; source: mesos/src/master/master.cpp, Master::offer, and the recordings.
 */
final class SchedulerEvents {
  static final double HEARTBEAT_SECONDS = 15.0;

  static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private SchedulerEvents() {}

  static Event of(SchedulerNotice notice, MasterInfo master) {
    return switch (notice) {
      case SchedulerNotice.Subscribed n ->
          Event.newBuilder()
              .setType(Event.Type.SUBSCRIBED)
              .setSubscribed(
                  Event.Subscribed.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue(n.frameworkId()))
                      .setHeartbeatIntervalSeconds(HEARTBEAT_SECONDS)
                      .setMasterInfo(master))
              .build();
      case SchedulerNotice.Offers n -> {
        Event.Offers.Builder offers = Event.Offers.newBuilder();
        n.offers().forEach(offer -> offers.addOffers(offer(offer, n.capabilities())));
        yield Event.newBuilder().setType(Event.Type.OFFERS).setOffers(offers).build();
      }
      case SchedulerNotice.Rescind n ->
          Event.newBuilder()
              .setType(Event.Type.RESCIND)
              .setRescind(
                  Event.Rescind.newBuilder().setOfferId(OfferID.newBuilder().setValue(n.offerId())))
              .build();
      case SchedulerNotice.Update n ->
          Event.newBuilder()
              .setType(Event.Type.UPDATE)
              .setUpdate(Event.Update.newBuilder().setStatus(n.status()))
              .build();
      case SchedulerNotice.UpdateOperation n ->
          Event.newBuilder()
              .setType(Event.Type.UPDATE_OPERATION_STATUS)
              .setUpdateOperationStatus(
                  Event.UpdateOperationStatus.newBuilder().setStatus(n.status()))
              .build();
      case SchedulerNotice.Failure n -> {
        Event.Failure.Builder failure =
            Event.Failure.newBuilder().setAgentId(AgentID.newBuilder().setValue(n.agentId()));
        if (n.executorId() != null) {
          failure.setExecutorId(ExecutorID.newBuilder().setValue(n.executorId()));
        }
        if (n.status() != null) {
          failure.setStatus(n.status());
        }
        yield Event.newBuilder().setType(Event.Type.FAILURE).setFailure(failure).build();
      }
      case SchedulerNotice.ExecutorMessage n ->
          Event.newBuilder()
              .setType(Event.Type.MESSAGE)
              .setMessage(
                  Event.Message.newBuilder()
                      .setAgentId(AgentID.newBuilder().setValue(n.agentId()))
                      .setExecutorId(ExecutorID.newBuilder().setValue(n.executorId()))
                      .setData(n.data()))
              .build();
      case SchedulerNotice.FatalError n ->
          Event.newBuilder()
              .setType(Event.Type.ERROR)
              .setError(Event.Error.newBuilder().setMessage(n.message()))
              .build();
    };
  }

  /** Bytes that an event takes about, for the bound of the stream it waits in. */
  static int estimate(SchedulerNotice notice) {
    return switch (notice) {
      case SchedulerNotice.Offers n -> 1000 * n.offers().size();
      case SchedulerNotice.Update n -> 2 * n.status().getSerializedSize();
      case SchedulerNotice.Subscribed n -> 500;
      case SchedulerNotice.Rescind n -> 100;
      case SchedulerNotice.UpdateOperation n -> 500;
      case SchedulerNotice.Failure n -> 200;
      case SchedulerNotice.ExecutorMessage n -> 200 + 2 * n.data().size();
      case SchedulerNotice.FatalError n -> 100 + n.message().length();
    };
  }

  static Offer offer(OfferOfAgent offered, Capabilities capabilities) {
    AgentIdentity agent = offered.agent();
    String role = offered.offer().role();
    boolean isMultiRole = capabilities.isMultiRole();
    Resources resources = offered.offer().resources();
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue(offered.offer().id()))
            .setFrameworkId(FrameworkID.newBuilder().setValue(offered.offer().frameworkId()))
            .setAgentId(agent.info().getId())
            .setHostname(agent.hostname())
            .setUrl(
                URL.newBuilder()
                    .setScheme("http")
                    .setAddress(
                        Address.newBuilder()
                            .setHostname(agent.hostname())
                            .setIp(agent.ip())
                            .setPort(agent.port()))
                    .setPath("/slave(1)"))
            .addAllResources(
                ResourceWire.write(
                    isMultiRole ? resources.allocatedTo(role) : resources,
                    capabilities.hasRefinement()
                        ? ResourceWire.Format.POST_REFINEMENT
                        : ResourceWire.Format.PRE_REFINEMENT))
            .addAllAttributes(agent.info().getAttributesList());
    offered.executorIds().forEach(id -> offer.addExecutorIds(ExecutorID.newBuilder().setValue(id)));
    if (agent.info().hasDomain()) {
      offer.setDomain(agent.info().getDomain());
    }
    if (isMultiRole) {
      offer.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
    }
    return offer.build();
  }
}
