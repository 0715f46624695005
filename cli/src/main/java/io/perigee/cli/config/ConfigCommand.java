package io.perigee.cli.config;

import picocli.CommandLine.Command;

/** {@code perigee config}. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Checks, explains and writes the files that configure masters and agents.",
    subcommands = {CheckCommand.class, ShowCommand.class, SampleCommand.class})
public final class ConfigCommand {}
