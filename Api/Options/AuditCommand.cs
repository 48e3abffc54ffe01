using System.CommandLine;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Options;

/// <summary>audit verify: walks the chain of an audit log and compares it with its signed checkpoints.</summary>
internal static class AuditCommand
{
    /// <summary>Exit code of a log that is not what was written.</summary>
    public const int Broken = 1;

    public static Command Make()
    {
        Option<string> data = new("--data")
        {
            HelpName = "DIR",
            Description = "Directory that holds the audit log; a server may be using it",
            DefaultValueFactory = _ => ServerOptions.DefaultData,
        };
        Option<string?> checkpoints = new("--checkpoints")
        {
            HelpName = "FILE",
            Description = $"File of checkpoints that was kept. Default: {AuditCheckpointFile.Name} beside the log",
        };
        Option<string?> key = new("--public-key")
        {
            HelpName = "FILE",
            Description = "Public key of the checkpoints that was kept. Default: "
                + $"{AuditKeys.PublicName} beside the log",
        };
        Command verify = new("verify", "Find rows of an audit log that were changed, dropped, doubled or moved")
        {
            data, checkpoints, key,
        };
        verify.SetAction(said => Verify(
            said.GetValue(data)!, said.GetValue(checkpoints), said.GetValue(key),
            said.InvocationConfiguration.Output, said.InvocationConfiguration.Error));
        return new Command("audit", "Work with the audit log of a data directory") { verify };
    }

    /// <returns>0 where all holds, 1 where something does not, 2 where it cannot be said.</returns>
    private static int Verify(string data, string? checkpoints, string? key, TextWriter output, TextWriter errors)
    {
        try
        {
            (AuditVerdict verdict, int compared) = AuditVerification.Run(data, checkpoints, key);
            output.WriteLine(verdict.Fault
                ?? $"{verdict.Head.Sequence} rows, each follows the one before it; {compared} checkpoints agree");
            if (verdict.Fault is not null)
            {
                output.WriteLine($"rows up to {verdict.Head.Sequence} hold");
                return Broken;
            }

            return 0;
        }
        catch (StoreException error)
        {
            errors.WriteLine("matchcluster: " + error.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
    }
}
