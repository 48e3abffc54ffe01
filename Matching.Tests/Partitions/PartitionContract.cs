using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>What every <see cref="IPartition"/> must do, wherever it lives.</summary>
public abstract class PartitionContract : IAsyncLifetime
{
    private IPartition partition = null!;

    /// <summary>An empty partition that is ready.</summary>
    protected abstract Task<IPartition> OpenAsync();

    protected abstract Task CloseAsync();

    public async Task InitializeAsync() => partition = await OpenAsync();

    public Task DisposeAsync() => CloseAsync();

    protected static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task An_applied_encounter_is_found_by_the_very_next_search()
    {
        for (int person = 0; person < 4; person++)
        {
            Assert.True((await ApplyAsync(new Write.Create(EncounterOf(person)))).IsApplied);
            Hit best = Assert.Single((await SearchAsync(ProbeOf(person), k: 1)).Results[0].Hits);
            Assert.Equal(IdOf(person), best.PersonId);
        }
    }

    [Fact]
    public async Task A_complete_answer_searched_everything_it_holds_and_a_filtered_one_too()
    {
        await EnrolAsync(0, 1, 2);
        PartitionAnswer all = await SearchAsync(ProbeOf(0));
        PartitionAnswer nobody = await SearchAsync(ProbeOf(0), filter: new SearchFilter { YearOfBirthMin = 2199 });

        Assert.Equal((PartitionOutcome.Complete, 3, 3), (all.Outcome, all.IdentitiesHeld, all.IdentitiesSearched));
        Assert.Equal(3, all.Comparisons);
        Assert.Equal((PartitionOutcome.Complete, 3), (nobody.Outcome, nobody.IdentitiesSearched));
        Assert.Equal(0, nobody.Comparisons);
        Assert.Empty(nobody.Results[0].Hits);
    }

    [Fact]
    public async Task Candidates_are_ordered_by_score_and_end_at_k_and_at_the_threshold()
    {
        await EnrolAsync([.. Enumerable.Range(0, 12)]);
        IReadOnlyList<Hit> all = (await SearchAsync(ProbeOf(3), k: 100)).Results[0].Hits;
        IReadOnlyList<Hit> five = (await SearchAsync(ProbeOf(3), k: 5)).Results[0].Hits;
        IReadOnlyList<Hit> above = (await SearchAsync(ProbeOf(3), k: 100, threshold: all[2].Score)).Results[0].Hits;

        Assert.Equal(12, all.Count);
        Assert.Equal(all.OrderByDescending(h => h.Score).ThenBy(h => h.PersonId, StringComparer.Ordinal), all);
        Assert.Equal(all.Take(5).Select(h => h.PersonId), five.Select(h => h.PersonId));
        Assert.Equal(all.Where(h => h.Score >= all[2].Score).Select(h => h.PersonId), above.Select(h => h.PersonId));
    }

    [Fact]
    public async Task A_batch_answers_each_search_as_if_it_were_alone()
    {
        await EnrolAsync([.. Enumerable.Range(0, 6)]);
        Search[] searches = [.. Enumerable.Range(0, 6).Select(person => Ask(ProbeOf(person), k: 3))];
        PartitionAnswer together = await partition.SearchAsync(new SearchBatch(searches), Budget);

        for (int i = 0; i < searches.Length; i++)
        {
            PartitionAnswer alone = await partition.SearchAsync(new SearchBatch([searches[i]]), Budget);
            Assert.Equal(Flat(alone.Results[0].Hits), Flat(together.Results[i].Hits));
        }
    }

    [Fact]
    public async Task Only_active_encounters_of_the_gallery_are_candidates()
    {
        await EnrolAsync(0);
        Assert.True((await ApplyAsync(new Write.Create(EncounterOf(1, gallery: "OTHER")))).IsApplied);

        Assert.Equal([IdOf(0)], await FoundAsync(ProbeOf(1), "G"));
        Assert.Equal([IdOf(1)], await FoundAsync(ProbeOf(1), "OTHER"));
        Assert.Equal([IdOf(1), IdOf(0)], await FoundAsync(ProbeOf(1), Search.AllGalleries));

        await ApplyAsync(new Write.SetStatus(IdOf(1), "E1", EncounterStatus.Inactive));
        Assert.Empty(await FoundAsync(ProbeOf(1), "OTHER"));
        await ApplyAsync(new Write.SetStatus(IdOf(1), "E1", EncounterStatus.Active));
        await ApplyAsync(new Write.SetGalleries(IdOf(1), "E1", ["G", "THIRD"]));
        Assert.Equal([IdOf(1), IdOf(0)], await FoundAsync(ProbeOf(1), "G"));
        Assert.False((await SearchAsync(ProbeOf(1), gallery: "OTHER")).Results[0].GalleryKnown);
        Assert.True((await SearchAsync(ProbeOf(1), gallery: "THIRD")).Results[0].GalleryKnown);
    }

    [Fact]
    public async Task A_search_of_all_galleries_names_those_of_each_encounter()
    {
        await EnrolAsync(0);
        Assert.True((await ApplyAsync(new Write.Create(EncounterOf(1, gallery: "OTHER")))).IsApplied);
        Assert.True((await ApplyAsync(new Write.SetGalleries(IdOf(1), "E1", ["THIRD", "OTHER"]))).IsApplied);

        PartitionAnswer all = await SearchAsync(ProbeOf(1), gallery: Search.AllGalleries);
        Assert.All(all.Results[0].Hits[0].Details, detail => Assert.Equal(["OTHER", "THIRD"], detail.Galleries!));
        Assert.All(all.Results[0].Hits[1].Details, detail => Assert.Equal(["G"], detail.Galleries!));
        PartitionAnswer one = await SearchAsync(ProbeOf(1), gallery: "OTHER");
        Assert.All(one.Results[0].Hits[0].Details, detail => Assert.Null(detail.Galleries));
    }

    [Fact]
    public async Task Encounters_of_one_person_are_joined_sample_by_sample()
    {
        await EnrolAsync(5);
        await ApplyAsync(new Write.Create(EncounterOf(0, "fingers", fingers: [2, 3])));
        await ApplyAsync(new Write.Create(EncounterOf(0, "eyes", fingers: [], eyes: [1])));
        Hit best = (await SearchAsync(ProbeOf(0, fingers: [2, 3], eyes: [1]))).Results[0].Hits[0];

        Assert.Equal(IdOf(0), best.PersonId);
        Assert.Equal(
            [("fingers", "RIGHT_INDEX"), ("fingers", "RIGHT_MIDDLE"), ("eyes", "EYE_RIGHT")],
            best.Details.Select(d => (d.EncounterId, d.GalleryPosition.ToString())));
    }

    [Fact]
    public async Task An_unknown_finger_is_compared_with_every_finger()
    {
        await ApplyAsync(new Write.Create(EncounterOf(0, fingers: [1, 2, 3, 4, 5])));
        Sample lost = Samples(0, [4], [], 1)[0] with { Position = BiometricPosition.UnknownFinger };
        // The record names the finger; one whose record does not is what is meant here.
        byte[] bytes = lost.Template.ToArray();
        bytes[24] = 0;
        Probe probe = ProbeBuilder.Build([lost with { Template = bytes }]).Value!;
        PartitionAnswer answer = await SearchAsync(probe);

        Assert.Equal(5, answer.Comparisons);
        Assert.Equal("RIGHT_RING", answer.Results[0].Hits[0].Details[0].GalleryPosition.ToString());
    }

    [Fact]
    public async Task Verification_looks_at_one_person_only()
    {
        await EnrolAsync(0, 1);
        PartitionAnswer own = await partition.SearchAsync(
            new SearchBatch([Ask(ProbeOf(1)) with { OnlyPerson = IdOf(1) }]), Budget);
        PartitionAnswer missing = await partition.SearchAsync(
            new SearchBatch([Ask(ProbeOf(1)) with { OnlyPerson = "nobody" }]), Budget);

        Assert.Equal(1, own.Comparisons);
        Assert.Equal(IdOf(1), Assert.Single(own.Results[0].Hits).PersonId);
        Assert.False(missing.Results[0].PersonKnown);
    }

    [Fact]
    public async Task Creating_twice_is_a_conflict_and_changing_nothing_is_unknown()
    {
        await EnrolAsync(0);
        Assert.Equal(RefusalKind.Conflict, (await ApplyAsync(new Write.Create(EncounterOf(0)))).Refusal?.Kind);
        Write[] unknown =
        [
            new Write.Update(EncounterOf(0, "E2")),
            new Write.SetStatus(IdOf(0), "E2", EncounterStatus.Inactive),
            new Write.SetGalleries(IdOf(1), "E1", ["G"]),
            new Write.Delete(IdOf(0), "E2"),
            new Write.DeletePerson(IdOf(1)),
        ];
        WriteAck ack = await partition.ApplyAsync(new WriteBatch(unknown), Budget);
        Assert.All(ack.Results, result => Assert.Equal(RefusalKind.Unknown, result.Refusal?.Kind));
    }

    [Fact]
    public async Task An_update_replaces_the_samples_and_keeps_the_creation_date()
    {
        await EnrolAsync(0);
        Encounter other = EncounterOf(0, fingers: [7]) with
        {
            Created = DateTimeOffset.MaxValue,
            Updated = DateTimeOffset.UnixEpoch.AddDays(1),
        };
        Assert.True((await ApplyAsync(new Write.Update(other))).IsApplied);

        Assert.Empty(await FoundAsync(ProbeOf(0), "G"));
        Assert.Equal([IdOf(0)], await FoundAsync(ProbeOf(0, fingers: [7]), "G"));
        Encounter read = Assert.Single((await ReadAsync(0)).Encounters);
        Assert.Equal((DateTimeOffset.UnixEpoch, other.Updated), (read.Created, read.Updated));
        Assert.NotEqual(EncounterOf(0).RecordId, read.RecordId);
    }

    [Fact]
    public async Task A_deleted_person_is_neither_found_nor_read_nor_counted()
    {
        await EnrolAsync(0, 1);
        Assert.True((await ApplyAsync(new Write.DeletePerson(IdOf(0)))).IsApplied);

        Assert.Equal([IdOf(1)], await FoundAsync(ProbeOf(0), "G"));
        Assert.Equal(RefusalKind.Unknown, (await ReadAsync(0)).Refusal?.Kind);
        PartitionStatus status = await partition.StatusAsync(default);
        Assert.Equal((1, 1, 1, 1), (status.Identities, status.Encounters, status.FingerRows, status.Galleries["G"]));
    }

    [Fact]
    public async Task Writes_of_a_batch_see_the_ones_before_them()
    {
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch(
            [
                new Write.Create(EncounterOf(0)),
                new Write.Create(EncounterOf(0)),
                new Write.Delete(IdOf(0), "E1"),
                new Write.Create(EncounterOf(0, fingers: [3])),
                new Write.SetStatus(IdOf(0), "E1", EncounterStatus.Inactive),
            ]),
            Budget);

        Assert.Equal([true, false, true, true, true], ack.Results.Select(r => r.IsApplied));
        Assert.Equal(EncounterStatus.Inactive, Assert.Single((await ReadAsync(0)).Encounters).Status);
    }

    [Fact]
    public async Task An_all_or_nothing_batch_with_one_conflict_changes_nothing()
    {
        await EnrolAsync(0);
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch(
                [new Write.Create(EncounterOf(1)), new Write.DeletePerson(IdOf(0)), new Write.Create(EncounterOf(1))],
                AllOrNothing: true),
            Budget);

        Assert.All(ack.Results, result => Assert.Equal(RefusalKind.Conflict, result.Refusal?.Kind));
        Assert.Equal([IdOf(0)], await FoundAsync(ProbeOf(0), "G"));
    }

    [Fact]
    public async Task A_bad_encounter_is_refused_with_the_reason_and_the_rest_of_the_batch_is_applied()
    {
        Encounter torn = EncounterOf(1) with { Samples = [EncounterOf(1).Samples[0] with { Template = new byte[7] }] };
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch(
            [
                new Write.Create(torn),
                new Write.Create(EncounterOf(2) with { Galleries = [] }),
                new Write.Create(EncounterOf(3, new string('x', 129))),
                new Write.Create(EncounterOf(0)),
            ]),
            Budget);

        Assert.Equal([false, false, false, true], ack.Results.Select(r => r.IsApplied));
        Assert.Contains("sample 0", ack.Results[0].Refusal!.Reason);
        Assert.Contains("0 galleries, wanted 1 to 32", ack.Results[1].Refusal!.Reason);
        Assert.Contains("129 bytes, wanted at most 128", ack.Results[2].Refusal!.Reason);
    }

    [Fact]
    public async Task A_spent_budget_is_answered_as_partial_with_nothing_searched()
    {
        await EnrolAsync(0, 1);
        PartitionAnswer answer = await partition.SearchAsync(
            new SearchBatch([Ask(ProbeOf(0))]), SearchBudget.Of(TimeSpan.Zero));

        Assert.Equal(PartitionOutcome.Partial, answer.Outcome);
        Assert.Equal((2, 0), (answer.IdentitiesHeld, answer.IdentitiesSearched));
        Assert.Contains("deadline", answer.Reason);
    }

    [Fact]
    public async Task Gallery_members_come_in_order_and_by_page()
    {
        await EnrolAsync(3, 1, 2, 0);
        await ApplyAsync(new Write.Create(EncounterOf(1, "E0", "OTHER")));
        ReadAnswer page = await partition.ReadAsync(new ReadQuery.Gallery("G", 1, 2), Budget);
        ReadAnswer all = await partition.ReadAsync(new ReadQuery.Gallery(Search.AllGalleries, 0, 100), Budget);
        ReadAnswer none = await partition.ReadAsync(new ReadQuery.Gallery("NONE", 0, 100), Budget);

        ReadAnswer next = await partition.ReadAsync(
            new ReadQuery.Gallery("G", 0, 2) { After = page.Members[0] }, Budget);
        ReadAnswer gone = await partition.ReadAsync(
            new ReadQuery.Gallery(Search.AllGalleries, 0, 100) { After = new GalleryMember(IdOf(1), "E01") }, Budget);

        Assert.Equal(IdOf(2), next.Members[0].PersonId);
        Assert.Equal(all.Members.Skip(2), gone.Members);
        Assert.Equal([IdOf(1), IdOf(2)], page.Members.Select(m => m.PersonId));
        Assert.Equal(5, all.Members.Count);
        Assert.Equal(new GalleryMember(IdOf(1), "E0"), all.Members[1]);
        Assert.False(none.GalleryKnown);
    }

    private static Search Ask(
        Probe probe, string gallery = "G", int k = 10, double threshold = 0, SearchFilter? filter = null) =>
        new()
        {
            Probe = probe,
            Gallery = gallery,
            MaxCandidates = k,
            Threshold = threshold,
            Filter = filter ?? SearchFilter.None,
        };

    private static IEnumerable<string> Flat(IReadOnlyList<Hit> hits) =>
        hits.Select(hit => $"{hit.PersonId} {hit.Score} {string.Join(';', hit.Details)}");

    private async Task<PartitionAnswer> SearchAsync(
        Probe probe, string gallery = "G", int k = 10, double threshold = 0, SearchFilter? filter = null) =>
        await partition.SearchAsync(new SearchBatch([Ask(probe, gallery, k, threshold, filter)]), Budget);

    private async Task<string[]> FoundAsync(Probe probe, string gallery) =>
        [.. (await SearchAsync(probe, gallery)).Results[0].Hits.Select(hit => hit.PersonId)];

    private async Task<WriteResult> ApplyAsync(Write write) =>
        (await partition.ApplyAsync(new WriteBatch([write]), Budget)).Results[0];

    private async Task EnrolAsync(params int[] people)
    {
        WriteAck ack = await partition.ApplyAsync(
            new WriteBatch([.. people.Select(person => new Write.Create(EncounterOf(person)))]), Budget);
        Assert.All(ack.Results, result => Assert.True(result.IsApplied));
    }

    private async Task<ReadAnswer> ReadAsync(int person) =>
        await partition.ReadAsync(new ReadQuery.Person(IdOf(person)), Budget);
}
