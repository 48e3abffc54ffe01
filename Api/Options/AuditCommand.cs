using System.CommandLine;
using MatchCluster.Grains.Members;
using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

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
        Option<string?> redis = new(MemberKeys.OptionOf(MemberKeys.Redis))
        {
            HelpName = "HOST:PORT",
            Description = "Redis of the cluster whose log is verified, with StackExchange.Redis' options after commas; "
                + "left out, the log is in --data",
        };
        Option<string> store = new(MemberKeys.OptionOf(MemberKeys.Store))
        {
            HelpName = "NAME",
            Description = $"Name of the gallery store in Redis. Default: {MemberOptions.DefaultStore}",
            DefaultValueFactory = _ => MemberOptions.DefaultStore,
        };
        Option<string[]> checkpoints = new("--checkpoints")
        {
            HelpName = "FILE",
            Description = "File of checkpoints that was kept; once more for each front end's. Default: "
                + $"{AuditCheckpointFile.Name} beside the log, and none with --redis",
        };
        Option<string?> key = new("--public-key")
        {
            HelpName = "FILE",
            Description = "Public key of the checkpoints that was kept. Default: "
                + $"{AuditKeys.PublicName} beside the log in --data",
        };
        Command verify = new("verify", "Find rows of an audit log that were changed, dropped, doubled or moved")
        {
            data, redis, store, checkpoints, key,
        };
        verify.SetAction((said, cancel) => VerifyAsync(
            said.InvocationConfiguration.Output, said.InvocationConfiguration.Error,
            async () => said.GetValue(redis) is { } address
                ? await InRedisAsync(
                    address, said.GetValue(store)!, said.GetValue(checkpoints)!, said.GetValue(key), cancel)
                : AuditVerification.Run(said.GetValue(data)!, said.GetValue(checkpoints)!, said.GetValue(key))));
        return new Command("audit", "Work with the audit log of a data directory or of a cluster")
        {
            verify, MakeOfExport(),
        };
    }

    private static Command MakeOfExport()
    {
        Argument<string> file = new("FILE") { Description = "What /mc/v1/audit/export answered" };
        Option<string> key = new("--public-key")
        {
            HelpName = "FILE",
            Description = "Public key of the log",
            Required = true,
        };
        Command command = new("verify-export", "Verify an exported part of an audit log by its signed manifest")
        {
            file, key,
        };
        command.SetAction(said => VerifyExport(
            said.GetValue(file)!, said.GetValue(key)!, said.InvocationConfiguration.Output,
            said.InvocationConfiguration.Error));
        return command;
    }

    private static int VerifyExport(string file, string key, TextWriter output, TextWriter errors)
    {
        try
        {
            (long rows, string? fault) = AuditExport.Verify(file, key);
            output.WriteLine(fault ?? $"{rows} rows, as the manifest names them; its signature holds");
            return fault is null ? 0 : Broken;
        }
        catch (StoreException error)
        {
            errors.WriteLine("matchcluster: " + error.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
    }

    private static async Task<(AuditVerdict Verdict, int Checkpoints)> InRedisAsync(
        string address, string store, string[] checkpoints, string? key, CancellationToken cancel)
    {
        await using ConnectionMultiplexer redis = await RedisConnection.OpenAsync(
            MemberOptions.RedisAt(address), "audit verify", () => { }, cancel);
        await using RedisAuditStore rows = await RedisAuditStore.OpenToReadAsync(
            redis, store, new RedisStoreOptions(), cancel);
        return await AuditVerification.RunAsync(rows, checkpoints, key, cancel);
    }

    /// <returns>0 where all holds, 1 where something does not, 2 where it cannot be said.</returns>
    private static async Task<int> VerifyAsync(
        TextWriter output, TextWriter errors, Func<Task<(AuditVerdict Verdict, int Checkpoints)>> run)
    {
        try
        {
            (AuditVerdict verdict, int compared) = await run();
            output.WriteLine(verdict.Fault
                ?? $"{verdict.Head.Sequence} rows, each follows the one before it; {compared} checkpoints agree");
            if (verdict.Fault is not null)
            {
                output.WriteLine($"rows up to {verdict.Head.Sequence} hold");
                return Broken;
            }

            return 0;
        }
        catch (Exception error) when (error is StoreException or StartRefusedException or ArgumentException)
        {
            errors.WriteLine("matchcluster: " + error.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
    }
}
