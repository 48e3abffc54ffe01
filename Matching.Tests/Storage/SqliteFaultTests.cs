using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqliteFaultTests
{
    private const int Unlimited = 1_000_000_000;

    [Fact]
    public async Task A_full_disk_fails_appends_loses_nothing_acked_and_heals()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.RunAsync("PRAGMA max_page_count = 60");
        List<string> acked = [];
        AppendResult result;
        int next = 0;
        while ((result = await f.PutAsync(Numbered(next))).Outcome == AppendOutcome.Applied)
        {
            acked.Add(Numbered(next++).EncounterId);
        }

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.True(result.Outage!.MayRetry);
        Assert.Contains("full", result.Outage.Reason, StringComparison.Ordinal);
        Assert.InRange(acked.Count, 10, 100);
        Assert.Equal(acked, await IdsAsync(f));

        // A delete still works, and the room it makes is used.
        AppendResult deleted = await f.Store.AppendAsync(
            SqliteFixture.P0,
            f.Epoch,
            [.. acked[..5].Select(id => StoreWrite.Delete("p", id))],
            CancellationToken.None);
        Assert.Equal(AppendOutcome.Applied, deleted.Outcome);
        Assert.Equal(AppendOutcome.Applied, (await f.PutAsync(Numbered(next))).Outcome);
        acked = [.. acked[5..], Numbered(next).EncounterId];

        await f.RunAsync($"PRAGMA max_page_count = {Unlimited}");
        Encounter[] more = [.. Enumerable.Range(next + 1, 50).Select(Numbered)];
        Assert.Equal(AppendOutcome.Applied, (await f.PutAsync(more)).Outcome);
        await f.ReopenAsync();
        Assert.Equal([.. acked, .. more.Select(e => e.EncounterId)], await IdsAsync(f));
    }

    [Fact]
    public async Task Of_a_group_on_a_full_disk_only_the_appends_that_fit_are_applied_each_whole()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.RunAsync("PRAGMA max_page_count = 60");
        using ManualResetEventSlim gate = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());

        Task<AppendResult> small = f.PutAsync(Numbered(1), Numbered(2));
        Task<AppendResult> tooLarge = f.PutAsync([.. Enumerable.Range(100, 100).Select(Numbered)]);
        Task<AppendResult> another = f.PutAsync(Numbered(3));
        gate.Set();
        await held;

        Assert.Equal(AppendOutcome.Applied, (await small).Outcome);
        Assert.Equal(AppendOutcome.Failed, (await tooLarge).Outcome);
        Assert.True((await another).Outcome == AppendOutcome.Applied, (await another).Outage?.Reason);
        Assert.Equal(["00001", "00002", "00003"], await IdsAsync(f));
    }

    [Fact]
    public async Task A_failing_commit_fails_the_whole_group_and_nothing_of_it_is_visible()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();

        // A deferred constraint is checked by COMMIT itself: the real statement fails in its real place.
        await f.RunAsync("PRAGMA foreign_keys = ON");
        await f.RunAsync(
            "CREATE TABLE owed(x REFERENCES meta(name) DEFERRABLE INITIALLY DEFERRED)");
        await f.RunAsync(
            "CREATE TRIGGER owe AFTER INSERT ON encounters WHEN NEW.encounter_id = x'626164' "
            + "BEGIN INSERT INTO owed(x) VALUES('nobody'); END");
        using ManualResetEventSlim gate = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());

        Task<AppendResult> good = f.PutAsync(SomeEncounters.Sized("p", "good", 10));
        Task<AppendResult> bad = f.PutAsync(SomeEncounters.Sized("p", "bad", 10));
        gate.Set();
        await held;

        Assert.Equal(AppendOutcome.Failed, (await good).Outcome);
        Assert.Equal(AppendOutcome.Failed, (await bad).Outcome);
        Assert.Empty(await f.AllAsync());
        AppendResult again = await f.PutAsync(SomeEncounters.Sized("p", "good", 10));
        Assert.Equal(AppendOutcome.Applied, again.Outcome);
        Assert.Equal("good", Assert.Single(await f.AllAsync()).EncounterId);
    }

    [Fact]
    public async Task A_database_that_turns_read_only_fails_writes_answers_reads_and_heals()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.PutAsync(Numbered(1));
        await f.RunAsync("PRAGMA query_only = ON");

        AppendResult result = await f.PutAsync(Numbered(2));
        StoreException epoch = await Assert.ThrowsAsync<StoreException>(
            async () => await f.Store.OpenEpochAsync(SqliteFixture.P0, CancellationToken.None));
        StoreException blob = await Assert.ThrowsAsync<StoreException>(
            async () => await f.Store.WriteBlobAsync("x", new byte[1], CancellationToken.None));

        Assert.Equal(AppendOutcome.Failed, result.Outcome);
        Assert.True(result.Outage!.MayRetry);
        Assert.All(
            [result.Outage.Reason, epoch.Message, blob.Message],
            reason => Assert.Contains("read-only", reason, StringComparison.Ordinal));
        Assert.Equal(["00001"], await IdsAsync(f));
        await f.RunAsync("PRAGMA query_only = OFF");
        Assert.Equal(AppendOutcome.Applied, (await f.PutAsync(Numbered(2))).Outcome);
    }

    [Fact]
    public async Task Damaged_records_come_back_as_rejections_and_do_not_stop_the_rest()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.PutAsync([.. Enumerable.Range(0, 6).Select(Numbered)]);

        // A flipped byte, a torn record, no record at all, another one's record, and a key that is not UTF-8.
        await f.RunAsync(
            "UPDATE encounters SET record = "
            + $"CAST(substr(record, 1, 500) || x'00FF' || substr(record, 503) AS BLOB) WHERE {Is("00000")}");
        await f.RunAsync($"UPDATE encounters SET record = substr(record, 1, 700) WHERE {Is("00001")}");
        await f.RunAsync($"UPDATE encounters SET record = x'' WHERE {Is("00002")}");
        await f.RunAsync(
            "UPDATE encounters SET record = "
            + $"(SELECT record FROM encounters WHERE {Is("00005")}) WHERE {Is("00003")}");
        await f.RunAsync($"UPDATE encounters SET person_id = x'FF' WHERE {Is("00004")}");

        List<StoredEncounter> all = await f.AllAsync();

        Assert.Equal(["00000", "00001", "00002", "00003", "00005", "00004"], all.Select(s => s.EncounterId));
        Assert.Equal([false, false, false, false, true, false], all.Select(s => s.Content.IsAccepted));
        Assert.Contains("checksum", all[0].Content.Rejection!.Found, StringComparison.Ordinal);
        Assert.Contains("body length", all[1].Content.Rejection!.Found, StringComparison.Ordinal);
        Assert.Equal("0 bytes", all[2].Content.Rejection!.Found);
        Assert.Equal("the record of another encounter", all[3].Content.Rejection!.Found);
        Assert.Equal("a key that is not UTF-8", all[5].Content.Rejection!.Found);
        Assert.Equal(5, (await f.Store.ReadPersonAsync(SqliteFixture.P0, "p", CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_damaged_database_page_ends_a_listing_with_an_error_that_says_so()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.PutAsync([.. Enumerable.Range(0, 200).Select(Numbered)]);
        await f.Store.DisposeAsync();
        using (FileStream file = File.OpenWrite(f.Directory.File(SqliteFile.Name)))
        {
            byte[] garbage = new byte[20 * SqliteFile.PageBytes];
            Array.Fill(garbage, (byte)0xA5);
            file.Position = 20 * SqliteFile.PageBytes;
            file.Write(garbage);
        }

        await f.ReopenAsync();

        StoreException damaged = await Assert.ThrowsAsync<StoreException>(f.AllAsync);
        Assert.Contains("damaged; restore a backup", damaged.Message, StringComparison.Ordinal);
    }

    private static string Is(string encounterId) =>
        $"encounter_id = x'{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(encounterId))}'";

    private static Encounter Numbered(int number) => SomeEncounters.Sized("p", $"{number:D5}", 4000);

    private static async Task<IEnumerable<string>> IdsAsync(SqliteFixture f) =>
        (await f.AllAsync()).Select(s => s.EncounterId);
}
