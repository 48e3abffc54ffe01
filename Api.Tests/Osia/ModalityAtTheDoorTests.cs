using System.Globalization;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests.Osia;

/// <summary>The door has OSIA's words for every modality, format and place of the engine.</summary>
public sealed class ModalityAtTheDoorTests
{
    [Fact]
    public void Every_format_has_a_name_that_is_read_again()
    {
        TemplateFormat[] all = Enum.GetValues<TemplateFormat>();
        Assert.Equal(all.Length, all.Select(TemplateFormats.NameOf).Distinct().Count());
        Assert.Equal(string.Join(", ", all.Select(TemplateFormats.NameOf)), TemplateFormats.Names);
        Assert.All(all, format =>
        {
            Modality own = ModalityTable.Of(format).Modality;
            string name = TemplateFormats.NameOf(format);
            Assert.Equal(format, TemplateFormats.Read(name));
            Assert.All(Enum.GetValues<Modality>(), modality =>
            {
                Assert.Equal(modality == own ? format : null, TemplateFormats.Read(name, modality));
                Assert.Equal(modality == own, TemplateFormats.NamesOf(modality).Split(", ").Contains(name));
            });
        });
    }

    [Theory]
    [InlineData("Api/Page/templates.js", "\"{0}\"")]
    [InlineData("docs/records.md", "| `{0}` |")]
    public void Every_format_is_on_the_page_and_in_the_documents(string file, string wanted)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.Repository, file));
        Assert.All(Enum.GetValues<TemplateFormat>(), format => Assert.Contains(
            string.Format(CultureInfo.InvariantCulture, wanted, TemplateFormats.NameOf(format)), text,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Every_modality_has_a_type_that_is_read_again()
    {
        foreach (BiometricType type in Enum.GetValues<BiometricType>())
        {
            Parsed<Modality?> modality = Positions.ModalityOf(type, "item");
            Assert.Equal(type is BiometricType.Finger or BiometricType.Iris, !modality.IsFailed);
            Assert.Equal(!modality.IsFailed, Positions.IsCompared(type));
            if (!modality.IsFailed)
            {
                Assert.Equal(type, Positions.TypeOf(modality.Value!.Value));
            }
        }

        Assert.Equal(
            "item.biometricType: FACE is not supported, wanted FINGER or IRIS",
            Positions.ModalityOf(BiometricType.Face, "item").Failure!.Message);
    }

    [Fact]
    public void Every_place_has_a_word_that_is_read_again()
    {
        for (int code = 0; code <= byte.MaxValue; code++)
        {
            if (BiometricPosition.TryFromCode((byte)code, out BiometricPosition? place))
            {
                BiometricSubType word = Positions.SubTypeOf(place.Value);
                Assert.Equal(place.Value.ToString(), EnumWords<BiometricSubType>.Of(word));
                Assert.Equal(place, Positions.Read(word, place.Value.Modality, "item").Value);
            }
        }
    }
}
