using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality.Nfiq2;
using static MatchCluster.Matching.Tests.Quality.ForestText;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>Reading a forest's file: what it scores, and that whatever breaks the form is refused.</summary>
public sealed class QualityForestTests
{
    /// <summary>Place of Mu, which is the mean grey level, among the measures.</summary>
    private const int Mu = 30;

    private static readonly string Good = Head(3)
        + Tree(Test(0, Mu, "1.0000000000000000e+002"), Leaf(1, 0), Leaf(1, 1))
        + Tree(
            Test(0, Mu, "100.", twoLines: true), Test(1, Mu, "50."), Leaf(2, 1), Leaf(2, 0),
            Test(1, Mu, "150."), Leaf(2, 0), Leaf(2, 1))
        + Tree(Leaf(0, 1));

    [Theory]
    [InlineData(40, 67)]
    [InlineData(80, 33)]
    [InlineData(120, 67)]
    [InlineData(170, 100)]
    public void The_score_is_the_share_of_votes(double mean, int score)
    {
        QualityForest forest = Accepted(Good);
        NfiqMeasures measures = NfiqMeasures.Of(
            RidgePictures.Stripes(8, 0, contrast: 35, mean: mean), [], forest.Edition).Value!;
        Assert.Equal(mean, measures.Values[Mu], 1.0);
        Assert.Equal(score, forest.Score(measures));
    }

    [Fact]
    public void A_forest_says_what_it_is()
    {
        QualityForest forest = Accepted(Good);
        Assert.Equal(3, forest.Trees);
        Assert.Equal(11, forest.Nodes);
        Assert.Null(forest.Published);
        Assert.Equal(Md5(Good), forest.Md5);
    }

    [Fact]
    public void Line_ends_do_not_change_the_digest() =>
        Assert.Equal(Md5(Good), Accepted(Good.Replace("\n", "\r\n", StringComparison.Ordinal)).Md5);

    [Fact]
    public void The_published_forests_are_known_by_their_digests()
    {
        Assert.Equal(
            NfiqEdition.Version22, PublishedForest.ByMd5("ccd75820b48c19f1645ef5e9c481c592")?.Edition);
        Assert.Equal(
            NfiqEdition.Version23, PublishedForest.ByMd5("b4a1e7586b3be906f9770e4b77768038")?.Edition);
        Assert.Null(PublishedForest.ByMd5("00000000000000000000000000000000"));
    }

    [Fact]
    public void Measures_of_another_edition_are_not_scored()
    {
        NfiqMeasures measures = NfiqMeasures.Of(RidgePictures.Stripes(8, 0), [], NfiqEdition.Version23).Value!;
        Assert.Throws<ArgumentException>(() => Accepted(Good).Score(measures));
    }

    [Theory]
    [InlineData("%YAML:1.0", "%YAML:1.1")]
    [InlineData("!!opencv-ml-random-trees", "!!opencv-ml-boost-trees")]
    [InlineData("var_all: 69", "var_all: 68")]
    [InlineData("is_classifier: 1", "is_classifier: 0")]
    [InlineData("nclasses: 2", "nclasses: 3")]
    [InlineData("cat_var_count: 0", "cat_var_count: 1")]
    [InlineData("cat_var_count: 0", "nclasses: 2")]
    [InlineData("ntrees: 3", "ntrees: 2")]
    [InlineData("ntrees: 3", "ntrees: 4")]
    [InlineData("ntrees: 3", "ntrees: 0")]
    [InlineData("ntrees: 3", "ntrees: -3")]
    [InlineData("ntrees: 3", "ntrees: 100000")]
    [InlineData("var:30", "var:69")]
    [InlineData("var:30", "var:-1")]
    [InlineData("le:50.", "gt:50.")]
    [InlineData("le:50.", "le:nan")]
    [InlineData("le:50.", "le:1e999")]
    [InlineData("le:50.", "le:50. } { le:60.")]
    [InlineData("norm_class_idx: 1", "norm_class_idx: 2")]
    [InlineData("norm_class_idx: 1", "norm_class: 1")]
    [InlineData("depth: 2", "depth: 3")]
    [InlineData("depth: 2", "depth: two")]
    [InlineData("depth: 2", "deep: 2")]
    [InlineData("splits:", "split:")]
    [InlineData("nodes:", "leaves:")]
    [InlineData("trees:\n", "forest:\n")]
    [InlineData("alpha: 0.", "alpha\u0007: 0.")]
    public void A_file_that_breaks_the_form_is_refused_with_its_line(string from, string to)
    {
        int at = Good.IndexOf(from, StringComparison.Ordinal);
        Rejection? fault = Refused(string.Concat(Good.AsSpan(0, at), to, Good.AsSpan(at + from.Length)));
        Assert.Matches(@"^line \d+: ", fault?.Found);
    }

    [Fact]
    public void A_tree_with_a_branch_too_few_or_too_many_is_refused()
    {
        Assert.NotNull(Refused(Head(1) + Tree(Test(0, Mu, "1."), Leaf(1, 0))));
        Assert.NotNull(Refused(Head(1) + Tree(Test(0, Mu, "1."), Leaf(1, 0), Leaf(1, 1), Leaf(1, 1))));
        Assert.NotNull(Refused(Head(1) + Tree()));
        Assert.NotNull(Refused(Head(1)));
    }

    [Fact]
    public void A_tree_that_is_too_deep_or_a_line_that_is_too_long_is_refused()
    {
        string[] deep = [.. Enumerable.Range(0, 80).Select(depth => Test(depth, Mu, "1."))];
        Assert.Contains("depth", Refused(Head(1) + Tree(deep))?.Found, StringComparison.Ordinal);
        string wide = Good.Replace("nsamples: 12", "nsamples: " + new string('1', 5000), StringComparison.Ordinal);
        Assert.Contains("bytes", Refused(wide)?.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_or_has_lost_nothing()
    {
        for (int length = 0; length < Good.Length; length += 7)
        {
            Decoded<QualityForest> read = QualityForestReader.Read(Stream(Good[..length]));
            Assert.True(!read.IsAccepted || read.Value.Trees == 3, $"cut at {length}");
        }
    }

    [Fact]
    public void Changed_bytes_never_throw()
    {
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(Good);
            for (int change = 0; change < 3; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Decoded<QualityForest> read = QualityForestReader.Read(new MemoryStream(bytes));
            Assert.True(read.IsAccepted || read.Rejection is not null);
        }
    }

    [Fact]
    public void A_file_is_the_text_or_an_archive_of_it()
    {
        string folder = Directory.CreateTempSubdirectory("forest").FullName;
        try
        {
            string text = Path.Combine(folder, "forest.yaml");
            File.WriteAllText(text, Good);
            Assert.Equal(3, QualityForestFile.Read(text).Value?.Trees);

            string zip = Path.Combine(folder, "forest.zip");
            using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
            {
                archive.CreateEntryFromFile(text, "forest.yaml");
            }

            Assert.Equal(Md5(Good), QualityForestFile.Read(zip).Value?.Md5);
            File.WriteAllBytes(zip, File.ReadAllBytes(zip)[..^30]);
            Assert.Contains("archive", QualityForestFile.Read(zip).Rejection?.Found, StringComparison.Ordinal);
            File.WriteAllText(text, "");
            Assert.NotNull(QualityForestFile.Read(text).Rejection);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static QualityForest Accepted(string text)
    {
        Decoded<QualityForest> read = QualityForestReader.Read(Stream(text));
        Assert.True(read.IsAccepted, read.Rejection?.ToString());
        return read.Value;
    }

    private static Rejection? Refused(string text) => QualityForestReader.Read(Stream(text)).Rejection;

#pragma warning disable CA5351 // The digest names a file.
    private static string Md5(string text) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351
}
