using System.CommandLine;
using System.Globalization;
using MatchCluster.Api.Http.Access;

namespace MatchCluster.Api.Options;

/// <summary>"token": prints an access token that is signed with a local key, for development and tests.</summary>
internal sealed class TokenCommand
{
    private const int MostMinutes = 24 * 60;
    private const int DefaultMinutes = 60;

    /// <summary>In the directory in which the command is run.</summary>
    private const string DefaultKey = "dev.pem";

    private readonly Option<string> partner = new("--partner")
    {
        HelpName = "ID",
        Required = true,
        Description = "The partner whose client calls (client_id)",
    };

    private readonly Option<string> scopes = new("--scopes")
    {
        HelpName = "SCOPES",
        Required = true,
        Description = "What it may do, separated by blanks: "
            + string.Join(' ', Scopes.All),
    };

    private readonly Option<string?> person = new("--person")
    {
        HelpName = "ID",
        Description = "The natural person who logged in (sub). Default: none, a program calls",
    };

    private readonly Option<int> minutes = new("--minutes")
    {
        HelpName = "COUNT",
        DefaultValueFactory = _ => DefaultMinutes,
        Description = $"For how long it is valid, 1..{MostMinutes}",
    };

    private readonly Option<string> key = new("--key")
    {
        HelpName = "FILE",
        DefaultValueFactory = _ => DefaultKey,
        Description = "The key (EC P-256, PEM, mode 600); made where there is none, with FILE"
            + DevelopmentKey.PublicSuffix + " for --jwks beside it",
    };

    public TokenCommand()
    {
        Command = new Command("token",
            $"Print an access token for development: --jwt-issuer {DevelopmentKey.Issuer} "
                + $"--jwt-audience {DevelopmentKey.Audience} --jwks FILE{DevelopmentKey.PublicSuffix}")
        {
            partner, scopes, person, minutes, key,
        };
        Command.Validators.Add(said =>
        {
            foreach (Option<string?> name in (Option<string?>[])[partner!, person])
            {
                if (said.GetValue(name) is { } text && !Caller.IsName(text))
                {
                    said.AddError(
                        $"{name.Name}: wanted 1..{Caller.LongestName} printable ASCII characters without blanks");
                }
            }

            if (said.GetValue(scopes) is { } wanted && Scopes.Read(wanted) is null)
            {
                said.AddError($"--scopes: wanted some of {string.Join(' ', Scopes.All)}");
            }
        });
        minutes.Validators.Add(said =>
        {
            if (said.Tokens is [var token] && !(int.TryParse(
                token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                && value is >= 1 and <= MostMinutes))
            {
                said.AddError($"--minutes: wanted 1..{MostMinutes}");
            }
        });
        Command.SetAction(Print);
    }

    public Command Command { get; }

    private int Print(ParseResult said)
    {
        TextWriter errors = said.InvocationConfiguration.Error;
        try
        {
            using DevelopmentKey signer = DevelopmentKey.Open(said.GetValue(key)!);
            TokenClaims claims = new(
                said.GetValue(partner)!, said.GetValue(scopes)!, said.GetValue(person),
                TimeSpan.FromMinutes(said.GetValue(minutes)));
            said.InvocationConfiguration.Output.WriteLine(signer.Sign(claims, TimeProvider.System.GetUtcNow()));
            return 0;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.WriteLine($"matchcluster: --key: {wrong.Message}");
            return CommandLine.CannotStart;
        }
    }
}
