package io.perigee.master.core.cluster;

import io.perigee.model.Resources;

/**
 * Resources of one agent that wait for one framework's answer.
 *
 * @param resources held by nobody; {@code role} says to which role they are allocated
 */
public record Offer(
    String id,
    int frameworkSlot,
    int agentSlot,
    String frameworkId,
    String agentId,
    String role,
    Resources resources) {}
