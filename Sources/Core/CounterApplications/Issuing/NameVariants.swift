/// Characters that registers, papers and PDFs write in more than one way.
///
/// Folding makes the same word of the same name; it never decides whose certificate it is, which the 宛名番号 does.
enum NameVariants {
    /// Variants of one character in names: the usual form first. Of one meaning and origin only (舊字體, 俗字, the forms
    /// of JIS X 0213 and of 人名用漢字); 斎 and 斉 are two characters.
    static let groups = [
        "高髙", "崎﨑", "辺邊邉", "斎齋", "斉齊", "吉𠮷", "徳德", "島嶋嶌", "沢澤", "浜濱", "広廣", "国國",
        "桜櫻", "竜龍", "真眞", "恵惠", "栄榮", "寿壽", "瀬瀨", "黒黑", "緑綠", "静靜", "清淸", "横橫", "増增",
        "富冨", "峰峯", "群羣", "剣劍", "桧檜", "松枩", "秋穐", "館舘", "関關", "鉄鐵", "塩鹽", "円圓", "学學",
        "実實", "礼禮", "万萬", "与與", "弥彌", "彦彥", "巌巖", "曽曾", "条條", "来來", "滝瀧", "為爲", "亀龜",
        "尭堯", "晃晄", "晋晉", "歩步", "薫薰", "蔵藏", "豊豐", "鶏鷄", "麦麥", "黄黃", "芦蘆", "穂穗", "郎郞",
        "鴎鷗", "児兒", "寛寬", "将將", "巻卷", "専專", "従從", "恒恆", "慎愼", "晩晚", "暁曉", "検檢", "楽樂",
        "様樣", "温溫", "焼燒", "画畫", "尽盡", "県縣", "経經", "聡聰", "荘莊", "虎乕", "証證", "転轉", "遥遙",
        "郷鄕", "鎮鎭", "陥陷", "青靑", "顕顯", "杉杦", "淵渕", "土圡", "船舩", "柳栁", "角⻆", "昇曻", "卯夘",
        "野埜",
    ]

    /// What the Kangxi radicals U+2F00 to U+2FD5 stand for: programs that write PDF take them for the characters.
    static let radicals = Array(
        ("一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日"
            + "曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行"
            + "衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠")
            .unicodeScalars)

    /// From a variant to the usual form.
    static let usual: [Unicode.Scalar: Unicode.Scalar] = {
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for group in groups {
            let scalars = Array(group.unicodeScalars)
            guard let first = scalars.first else { continue }
            for scalar in scalars.dropFirst() where scalar != first { table[scalar] = first }
        }
        return table
    }()
}
