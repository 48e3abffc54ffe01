using Microsoft.Extensions.Logging;

namespace MatchCluster.ServiceDefaults.Hosting;

/// <summary>
/// How every host logs: one line an event, in UTC, warnings and errors on stderr and the rest on stdout; what the
/// framework says only as a warning.
/// </summary>
public static class ConsoleLog
{
    public static ILoggingBuilder AddConsoleLog(this ILoggingBuilder logging, LogLevel level) => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", LogLevel.Warning)
        // An unexpected error of a request is logged once, where it is answered.
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical)
        // A start that fails is one line, said by who started it.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
}
