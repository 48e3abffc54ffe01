using System.Runtime.InteropServices;
using CsCheck;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>Generators of what processes of a cluster send each other.</summary>
internal static class SomeMessages
{
    /// <summary>Person and encounter ids of a write: a partition answers for those that it cannot hold.</summary>
    private static readonly Gen<string> AnyId = Gen.Frequency(
        (12, Some.Id), (1, Gen.Const("")), (1, Some.Text(1, ushort.MaxValue)));

    public static Gen<SearchBatch> Searches { get; } =
        from searches in Some.Many(Search, 1, Limits.SearchesPerBatch, 3)
        from standing in Gen.Select(Some.Long, Gen.Int[1, Standing.MostWeight], Gen.Int[0, Standing.Levels - 1])
        from isDefault in Gen.Bool
        select new SearchBatch(searches)
        {
            Standing = isDefault ? default : new((ulong)standing.Item1, standing.Item2, standing.Item3),
        };

    public static Gen<PartitionAnswer> Answer { get; } =
        from partition in Some.Int
        from outcome in Some.One(Enum.GetValues<PartitionOutcome>())
        from reason in Some.Maybe(Some.Text(0, 1024))
        from wait in Some.MaybeValue(Some.Time)
        from numbers in Some.Long.Array[3]
        from times in Gen.Select(Some.Time, Some.Time)
        from results in Some.Many(Hits, 0, 5, 3)
        select new PartitionAnswer
        {
            Partition = new PartitionId(partition),
            Outcome = outcome,
            Reason = reason,
            RetryAfter = wait,
            IdentitiesHeld = numbers[0],
            IdentitiesSearched = numbers[1],
            Comparisons = numbers[2],
            QueueTime = times.Item1,
            ScanTime = times.Item2,
            Results = results,
        };

    public static Gen<PartitionStatus> Status { get; } =
        from partition in Some.Int
        from state in Some.One(Enum.GetValues<PartitionState>())
        from reason in Some.Maybe(Some.Text(0, 1024))
        from n in Some.Long.Array[10]
        from counts in Gen.Select(Some.Int, Some.Int)
        from galleries in Gen.Select(Some.Many(Some.Id, 0, 200, 4), Some.Long)
        from states in Some.MaybeValue(Hash)
        select new PartitionStatus
        {
            Partition = new PartitionId(partition),
            State = state,
            Reason = reason,
            Loaded = n[0],
            ToLoad = n[1],
            Unreadable = n[2],
            Epoch = n[3],
            Identities = n[4],
            Encounters = n[5],
            FingerRows = n[6],
            IrisRows = n[7],
            DeadEncounters = n[8],
            RowBytes = n[9],
            Segments = counts.Item1,
            QueuedBatches = counts.Item2,
            Galleries = galleries.Item1.Distinct(StringComparer.Ordinal)
                .Select((name, i) => (name, i)).ToDictionary(one => one.name, one => galleries.Item2 ^ one.i),
            States = states is not { } hash ? null : galleries.Item1.Distinct(StringComparer.Ordinal)
                .Select((name, i) => (name, i)).ToDictionary(one => one.name, one => one.i == 0 ? hash : hash + hash),
            StateOfAll = states ?? default,
        };

    private static Gen<StateHash> Hash =>
        Some.Long.Array[4].Select(words => new StateHash(MemoryMarshal.AsBytes<long>(words)));

    public static Gen<WriteBatch> Writes { get; } =
        from writes in Some.Many(Write, 0, 20, 4)
        from all in Gen.Bool
        select new WriteBatch(writes, all);

    public static Gen<WriteAck> Ack { get; } = Some.Many(Failure, 0, 300, 4).Select(results => new WriteAck(
        [.. results.Select(one => new WriteResult(one.Refusal, one.Outage))]));

    public static Gen<ReadQuery> Query { get; } = Gen.OneOf(
        AnyId.Select(id => (ReadQuery)new ReadQuery.Person(id)),
        from gallery in AnyId
        from skip in Gen.Int[0, int.MaxValue]
        from limit in Gen.Int[0, int.MaxValue]
        from after in Some.MaybeValue(Member)
        select (ReadQuery)new ReadQuery.Gallery(gallery, skip, limit) { After = after },
        from gallery in AnyId
        from persons in Gen.Int[1, Limits.ProbePagePersons]
        select (ReadQuery)new ReadQuery.Probes(gallery, persons));

    public static Gen<ReadAnswer> ReadAnswer { get; } =
        from failure in Failure
        from known in Gen.Bool
        from encounters in Some.Many(SomeRecords.Encounter, 0, 3, 2)
        from members in Some.Many(Member, 0, 500, 4)
        select new ReadAnswer
        {
            Refusal = failure.Refusal,
            Outage = failure.Outage,
            GalleryKnown = known,
            Encounters = encounters,
            Members = members,
        };

    public static Gen<JournalMark> Mark { get; } =
        Gen.Select(Some.Long, Some.Long, (epoch, sequence) => new JournalMark(epoch, sequence));

    public static Gen<JournalTail> Tail { get; } =
        from numbers in Some.Long.Array[3]
        from persons in Some.Many(Some.Id, 0, 300, 4)
        select new JournalTail(numbers[0], numbers[1], numbers[2], persons);

    public static Gen<Probe> Probe { get; } =
        from fingers in Some.Many(FingerOfProbe, 0, 10, 2)
        from irises in Some.Many(IrisOfProbe, 0, 2, 2)
        select new Probe(fingers, irises);

    private static Gen<Search> Search =>
        from gallery in Some.Id
        from threshold in Gen.Double[-1e9, 1e9]
        from target in Some.MaybeValue(Gen.Double[1e-12, 1 - 1e-12])
        from most in Gen.Int[1, Limits.CandidatesPerSearch + 1]
        from years in Gen.Select(Some.MaybeValue(Some.Int), Some.MaybeValue(Some.Int))
        from sex in Some.One(Enum.GetValues<Sex>())
        from modalities in Some.Maybe(Some.Many(Some.One(Modality.Finger, Modality.Iris), 0, 8, 2))
        from flags in Gen.Select(Gen.Bool, Gen.Bool)
        from person in Some.Maybe(Some.Id)
        from probe in Probe
        select new Search
        {
            Gallery = gallery,
            Threshold = threshold,
            TargetFpir = target,
            MaxCandidates = most,
            Filter = new SearchFilter
            {
                YearOfBirthMin = years.Item1,
                YearOfBirthMax = years.Item2,
                Sex = sex,
                Modalities = modalities,
            },
            Exhaustive = flags.Item1,
            FastIrises = flags.Item2,
            OnlyPerson = person,
            Probe = probe,
        };

    private static Gen<FingerProbe> FingerOfProbe =>
        from view in SomeTemplates.View(90)
        select new FingerProbe(view.Position, FingerTemplate.Prepare(view));

    private static Gen<IrisProbe> IrisOfProbe =>
        from code in SomeTemplates.Iris
        from rotations in Gen.Int[0, (code.Shape.Columns - 1) / 2]
        select new IrisProbe(code, Math.Min(rotations, 8));

    private static Gen<GalleryMember> Member =>
        Gen.Select(Some.Id, Some.Id, (person, encounter) => new GalleryMember(person, encounter));

    private static Gen<(Refusal? Refusal, Outage? Outage)> Failure =>
        from refusal in Gen.Select(
            Some.One([.. Enum.GetValues<RefusalKind>().Where(kind => kind <= RefusalKind.Forbidden)]),
            Some.Text(0, 1024), Some.MaybeValue(Some.Time))
        from outage in Gen.Select(Some.Text(0, 1024), Gen.Bool)
        from which in Gen.Int[0, 2]
        select (
            which == 1 ? new Refusal(refusal.Item1, refusal.Item2, refusal.Item3)
            {
                // The only rule about uses that a partition knows.
                Rule = refusal.Item1 == RefusalKind.Forbidden ? UseRule.NotOwner : null,
            } : null,
            which == 2 ? new Outage(outage.Item1, outage.Item2) : null);

    private static Gen<Write> Write => Gen.OneOf(
        SomeRecords.Encounter.Select(one => (Write)new Write.Create(one)),
        SomeRecords.Encounter.Select(one => (Write)new Write.Update(one)),
        SomeRecords.Encounter.Select(one => (Write)new Write.Arrive(one)),
        Gen.Select(AnyId, AnyId, Some.One(EncounterStatus.Active, EncounterStatus.Inactive),
            (person, id, status) => (Write)new Write.SetStatus(person, id, status)),
        Gen.Select(AnyId, AnyId, Some.Many(AnyId, 0, byte.MaxValue, 3),
            (person, id, galleries) => (Write)new Write.SetGalleries(person, id, galleries)),
        Gen.Select(AnyId, AnyId, Some.MaybeValue(Gen.Guid),
            (person, id, record) => (Write)new Write.Delete(person, id, record)),
        Gen.Select(AnyId, AnyId, Gen.Guid, SomeRecords.Transit, Some.Int,
            (person, id, record, mark, all) => (Write)new Write.Leave(person, id, record, mark, all)),
        Gen.Select(AnyId, AnyId, Gen.Guid, Gen.Bool,
            (person, id, move, keep) => (Write)new Write.EndMove(person, id, move, keep)),
        Gen.Select(AnyId, AnyId, Gen.Bool, (person, id, held) => (Write)new Write.SetHold(person, id, held)),
        AnyId.Select(person => (Write)new Write.DeletePerson(person)));

    private static Gen<SearchHits> Hits =>
        from known in Gen.Select(Gen.Bool, Gen.Bool)
        from hits in Some.Many(Hit, 0, 12, 3)
        from loss in Some.MaybeValue(Gen.Select(Some.Double, Some.Double).Select(n => new StageLoss(n.Item1, n.Item2)))
        from stage in Some.Maybe(Some.Long.Array[6].Select(n => new FirstStage
        {
            Encounters = n[0],
            Passed = n[1],
            Reached = n[2],
            Audited = n[3],
            Missed = n[4],
            Comparisons = n[5],
            Loss = loss,
        }))
        from count in Some.Maybe(Some.Long.Array[4].Select(n => new SearchCount(n[0], n[1], n[2], n[3])))
        from sampled in Some.MaybeValue(Some.Long)
        from state in Some.MaybeValue(Gen.Select(Hash, Some.Long).Select(one => new GalleryState(one.Item1, one.Item2)))
        select new SearchHits(known.Item1, known.Item2, hits, stage, count, sampled, state);

    private static Gen<Hit> Hit =>
        from person in Some.Id
        from score in Some.Double
        from details in Some.Many(Detail, 0, 20, 2)
        select new Hit(person, score, details);

    /// <summary>Short names too, so that combinations of them come again and look alike.</summary>
    private static Gen<HitDetail> Detail =>
        from id in Some.Words
        from galleries in Some.Maybe(Gen.OneOf(
            Some.Galleries,
            Some.Many(Some.One("A", "B", "A\0B", "\0"), 1, 3, 2).Select(names => names.Distinct().ToList())))
        from places in Gen.Select(Some.Position, Some.Position)
        from scores in Gen.Select(Some.Double, Some.Double, Some.MaybeValue(Some.Double))
        from bits in Some.MaybeValue(Some.Int)
        from rotation in Some.MaybeValue(Some.Int)
        select new HitDetail
        {
            EncounterId = id,
            Galleries = galleries,
            ProbePosition = places.Item1,
            GalleryPosition = places.Item2,
            Score = scores.Item1,
            Raw = scores.Item2,
            Normalised = scores.Item3,
            ValidBits = bits,
            Rotation = rotation,
        };
}
