using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests.Storage;

namespace MatchCluster.Matching.Tests.Frames;

/// <summary>Pictures on their way between two processes. The golden frames may never change.</summary>
public sealed class PictureFrameTests
{
    private static readonly WriteBatch Writes = new(
    [
        new Write.Create(GoldenEncounter.Version5),
        new Write.SetGalleries("P", "E", ["G"]) { ErasesPictures = true },
        new Write.SetGalleries("P", "E", ["G"]),
        new Write.ErasePictures("P", "E"),
        new Write.Arrive(GoldenEncounter.Version4),
        new Write.Update(GoldenEncounter.Version5 with { PersonId = "Q" }),
    ]);

    public static TheoryData<string> Names =>
        ["write-batch-pictures-v3", "write-batch-opaque-v5", "read-pictures-v3", "read-answer-pictures-v2"];

    private static readonly WriteBatch WithOpaque = new(
    [
        new Write.Create(GoldenEncounter.Version6),
        new Write.SetGalleries("P", "E", ["G"]) { KeepsOpaque = true },
        new Write.SetGalleries("P", "E", ["G"]) { KeepsOpaque = true, ErasesPictures = true },
        new Write.SetGalleries("P", "E", ["G"]) { ErasesPictures = true },
    ])
    {
        Leases = [new GalleryLease("G", 7)],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_version_is_frozen(string name) => Assert.Equal(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Frames", "Golden", $"{name}.hex")).Trim(),
        Convert.ToHexString(Frame(name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_decoded_encodes_to_the_same_bytes_and_nothing_shorter_is_taken(string name)
    {
        byte[] frame = Frame(name);
        Assert.Equal(frame, Again(name, frame));
        for (int length = 0; length < frame.Length; length++)
        {
            byte[] cut = frame[..length];
            Assert.Null(Again(name, cut));
        }

        Assert.Null(Again(name, [.. frame, 0]));
    }

    [Fact]
    public void The_bytes_of_pictures_come_with_their_encounters()
    {
        WriteBatch batch = WriteBatchFrame.Decode(WriteBatchFrame.Encode(Writes)).Value!;
        SomeEncounters.AssertSamePictures(GoldenEncounter.Version5, ((Write.Create)batch.Writes[0]).Encounter);
        Assert.True(((Write.SetGalleries)batch.Writes[1]).ErasesPictures);
        Assert.False(((Write.SetGalleries)batch.Writes[2]).ErasesPictures);
        Assert.Equal("P", Assert.IsType<Write.ErasePictures>(batch.Writes[3]).Person);
        Assert.Empty(((Write.Arrive)batch.Writes[4]).Encounter.Pictures);
        Assert.True(((Write.Update)batch.Writes[5]).Encounter.HasItsPictures);
    }

    [Fact]
    public void Galleries_say_what_stays_and_turns_may_be_missing()
    {
        WriteBatch batch = WriteBatchFrame.Decode(WriteBatchFrame.Encode(WithOpaque with { Leases = [] })).Value!;
        Assert.Empty(batch.Leases);
        SomeEncounters.AssertSamePictures(GoldenEncounter.Version6, ((Write.Create)batch.Writes[0]).Encounter);
        Assert.Equal(
            [(true, false), (true, true), (false, true)],
            batch.Writes.OfType<Write.SetGalleries>().Select(set => (set.KeepsOpaque, set.ErasesPictures)));
        Assert.Equal(7, Assert.Single(WriteBatchFrame.Decode(Frame("write-batch-opaque-v5")).Value!.Leases).Epoch);
    }

    [Fact]
    public void A_frame_without_pictures_has_the_version_that_older_processes_read()
    {
        WriteBatch batch = new([new Write.Create(GoldenEncounter.Version4), new Write.SetGalleries("P", "E", ["G"])]);
        Assert.Equal(1, WriteBatchFrame.Encode(batch)[4]);
        Assert.Equal(1, ReadAnswerFrame.Encode(new ReadAnswer { Encounters = [GoldenEncounter.Version4] })[4]);
        Assert.Equal(1, ReadQueryFrame.Encode(new ReadQuery.Person("P"))[4]);
    }

    private static byte[] Frame(string name) => name switch
    {
        "write-batch-pictures-v3" => WriteBatchFrame.Encode(Writes),
        "write-batch-opaque-v5" => WriteBatchFrame.Encode(WithOpaque),
        "read-pictures-v3" => ReadQueryFrame.Encode(new ReadQuery.Pictures("P", "E")),
        _ => ReadAnswerFrame.Encode(new ReadAnswer
        {
            Encounters = [GoldenEncounter.Version4, GoldenEncounter.Version5],
        }),
    };

    private static byte[]? Again(string name, byte[] frame) => name switch
    {
        "write-batch-pictures-v3" or "write-batch-opaque-v5" => WriteBatchFrame.Decode(frame).Value is { } batch
            ? WriteBatchFrame.Encode(batch) : null,
        "read-pictures-v3" => ReadQueryFrame.Decode(frame).Value is { } query ? ReadQueryFrame.Encode(query) : null,
        _ => ReadAnswerFrame.Decode(frame).Value is { } answer ? ReadAnswerFrame.Encode(answer) : null,
    };
}
