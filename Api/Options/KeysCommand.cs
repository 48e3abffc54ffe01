using System.CommandLine;
using System.Globalization;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Options;

/// <summary>keys: works with the keys of a data directory that no server has open.</summary>
internal sealed class KeysCommand
{
    private readonly Option<string> data = new("--data")
    {
        HelpName = "DIR",
        Description = "Directory of the gallery; no server may be using it",
        DefaultValueFactory = _ => ServerOptions.DefaultData,
    };

    private readonly Option<string?> gallery = new("--gallery")
    {
        HelpName = "NAME",
        Description = "Gallery that gets a new key, with which its records are then sealed again",
    };

    private readonly MasterKeyArguments master = new("--master-key", "The master key");
    private readonly MasterKeyArguments next = new("--new-master-key", "The master key from now on");

    public KeysCommand()
    {
        Command = new Command("keys", "Work with the keys of a data directory that no server is using")
        {
            Make("list", "Show which galleries have keys", [], (store, _) => ListAsync(store)),
            Make("encrypt", "Encrypt what is stored in the clear or with older keys", [],
                (store, _) => EncryptAsync(store)),
            Make("rotate", "Wrap every key with another master key, or give a gallery a new key",
                [.. next.All, gallery], RotateAsync),
        };
    }

    public Command Command { get; }

    private Command Make(
        string name, string description, Option[] more,
        Func<SqliteGalleryStore, ParseResult, Task<string>> run)
    {
        Command command = new(name, description) { data };
        foreach (Option option in (Option[])[.. master.All, .. more])
        {
            command.Add(option);
        }

        command.Validators.Add(said =>
        {
            if (master.All.All(option => said.GetResult(option) is null))
            {
                said.AddError("--master-key: found nothing, wanted where the master key is");
            }
        });
        command.SetAction((said, cancel) => RunAsync(said, run));
        return command;
    }

    private async Task<int> RunAsync(ParseResult said, Func<SqliteGalleryStore, ParseResult, Task<string>> run)
    {
        TextWriter errors = said.InvocationConfiguration.Error;
        string directory = said.GetValue(data)!;
        try
        {
            if ((master.ProblemOf(said) ?? next.ProblemOf(said)) is { } problem)
            {
                throw new StoreException(problem);
            }

            if (!File.Exists(Path.Combine(directory, "gallery.db")))
            {
                throw new StoreException($"{directory}: found no gallery, wanted a data directory that exists");
            }

            await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
                directory, null, 1, CancellationToken.None, master.Read(said));
            await said.InvocationConfiguration.Output.WriteLineAsync(await run(store, said));
            return 0;
        }
        catch (Exception error) when (error is StoreException or KeyException)
        {
            await errors.WriteLineAsync("matchcluster: " + error.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
    }

    private static Task<string> ListAsync(SqliteGalleryStore store)
    {
        KeyRing keys = store.Keys!;
        IEnumerable<string> lines = keys.All.Select(key => string.Create(
            CultureInfo.InvariantCulture,
            $"{(key.Gallery.Length == 0 ? "(store)" : key.Gallery)}\tkey {key.Number}\t{key.Created:u}\t")
            + (key.State == KeyState.Closing ? "being deleted" : key.IsCurrent ? "current" : "older"));
        return Task.FromResult(string.Join('\n', lines.Append($"wrapped with master key {keys.MasterKeyId}")));
    }

    private static async Task<string> EncryptAsync(SqliteGalleryStore store)
    {
        if (File.Exists(Path.Combine(store.Directory, SqliteCaseSamples.Name)))
        {
            await using SqliteCaseSamples probes = SqliteCaseSamples.Open(store.Directory, store.Keys);
            await probes.RenewAsync(CancellationToken.None);
        }

        ResealCount count = await PartitionHost.ResealStoreAsync(store, store.Directory, CancellationToken.None);
        return $"{count.Records} records, {count.Resealed} encrypted now"
            + (count.Unreadable > 0 ? $", {count.Unreadable} cannot be read and stay as they are" : "");
    }

    private async Task<string> RotateAsync(SqliteGalleryStore store, ParseResult said)
    {
        if (said.GetValue(gallery) is { } name)
        {
            return await store.Keys!.RotateAsync(name, CancellationToken.None) is { } number
                ? $"gallery {name} has key {number}; {await EncryptAsync(store)}"
                : throw new StoreException($"--gallery: found {name}, wanted a gallery that has a key");
        }

        MasterKeySource source = next.Read(said)
            ?? throw new StoreException("--new-master-key: found nothing, wanted the new key, or --gallery NAME");
        int keys = await store.Keys!.RewrapAsync(source, CancellationToken.None);
        return $"{keys} keys are wrapped with master key {store.Keys.MasterKeyId}; start servers with it from now on";
    }
}
