using System.CommandLine;
using System.Globalization;
using MatchCluster.Api.Deliveries;

namespace MatchCluster.Api.Options;

/// <summary>The options about results that are sent to the addresses of callers.</summary>
internal sealed class CallbackArguments
{
    private const int MostAttempts = 100_000;
    private const int MostHours = 24 * 30;

    private readonly Option<string?> servers = new("--callbacks")
    {
        HelpName = "ORIGINS",
        Description = "Servers that callback addresses may name, as https://host:port, separated by ';'; "
            + "PARTNER=https://host:port is for that partner alone (docs/callbacks.md). No redirects are followed. "
            + "Default: none, and every callback is refused",
    };

    private readonly Option<bool?> isPrivate = new("--callbacks-private")
    {
        HelpName = "true|false",
        Description = "Whether names of --callbacks may lead to private networks (10.0.0.0/8, fc00::/7 and the like). "
            + "A literal address in the list needs no permission. Default: false",
    };

    private readonly Option<string?> key = new("--callback-key")
    {
        HelpName = "FILE",
        Description = "Private key (EC P-256, PEM) that results are signed with; made if missing. All front ends of a "
            + $"cluster have the same. Default: {MessageSigner.SigningName} in the data directory",
    };

    private readonly Option<int?> attempts = Whole(
        "--callback-attempts", "COUNT", MostAttempts, RetryPlan.Default.MostAttempts,
        "Attempts to deliver one result");

    private readonly Option<int?> hours = Whole(
        "--callback-hours", "HOURS", MostHours, (int)RetryPlan.Default.GiveUpAfter.TotalHours,
        "Hours after which a result is delivered no more, and waits to be redelivered by hand");

    public IEnumerable<Option> All => [servers, isPrivate, key, attempts, hours];

    /// <summary>What is wrong; null where nothing is.</summary>
    /// <param name="said">The command line.</param>
    /// <param name="isCluster">Whether the server is the front end of a cluster.</param>
    /// <param name="hasCallers">Whether the server knows who calls.</param>
    public string? ProblemOf(ParseResult said, bool isCluster, bool hasCallers) =>
        CallbackSettings.Read(said.GetValue(servers)) is not { } read
            ? $"{servers.Name}: wanted addresses without a path, http://host:port or https://host, or PARTNER= before one"
        : read.Count == 0 && All.FirstOrDefault(
            option => option != servers && said.GetResult(option) is { Implicit: false }) is { } alone
            ? $"{alone.Name} is for servers of callbacks; give {servers.Name} too"
        : read.Any(server => server.Partner is not null) && !hasCallers
            ? $"{servers.Name}: found a partner's server, wanted --jwks or --partners too: nobody says who calls"
        : read.Count > 0 && isCluster && said.GetValue(key) is null
            ? $"{servers.Name}: with --cluster give {key.Name} too, the same file on every front end"
        : null;

    public CallbackSettings Read(ParseResult said) => new()
    {
        Servers = CallbackSettings.Read(said.GetValue(servers))!,
        AllowsPrivate = said.GetValue(isPrivate) == true,
        KeyFile = said.GetValue(key),
        Plan = RetryPlan.Default with
        {
            MostAttempts = said.GetValue(attempts)!.Value,
            GiveUpAfter = TimeSpan.FromHours(said.GetValue(hours)!.Value),
        },
    };

    /// <summary>An option with a whole number from 1.</summary>
    public static Option<int?> Whole(string name, string help, int most, int otherwise, string description)
    {
        Option<int?> option = new(name)
        {
            HelpName = help,
            Description = description,
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var said]
                && !(int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                    && value >= 1 && value <= most))
            {
                result.AddError($"{name}: wanted 1..{most}");
            }
        });
        return option;
    }
}
